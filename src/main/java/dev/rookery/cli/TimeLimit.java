package dev.rookery.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d}. */
final class TimeLimit implements ITypeConverter<Duration> {
  private static final Pattern SPELLING = Pattern.compile("([1-9][0-9]{0,6})(ms|s|m|h|d)");

  @Override
  public Duration convert(String text) {
    Matcher spelled = SPELLING.matcher(text);
    if (!spelled.matches()) {
      throw new TypeConversionException(
          "'%s' is no time; write it like 500ms, 30s, 5m or 2h".formatted(text));
    }
    long number = Long.parseLong(spelled.group(1));
    return switch (spelled.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofHours(number);
    };
  }
}
