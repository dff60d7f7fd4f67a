package dev.rookery.schedules;

import dev.rookery.kernel.Refusal;
import dev.rookery.kernel.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads a cron expression field by field, and says where one cannot be read. */
final class CronReader {
  private static final String NEXT_STEP =
      "Correct it, and look at it with: rookery schedules preview --cron '…'";
  private static final int LONGEST = 500;
  private static final int SHOWN = 80;
  private static final int MOST_DIGITS = 9;
  private static final Map<String, String> MACROS =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");

  private final String text;
  private final List<Word> words;

  /** A field as written, and where it begins. */
  private record Word(CronField field, String text, int at) {}

  CronReader(String text) {
    this.text = text;
    this.words = words();
  }

  /** The fields as written, macros spelled out. */
  List<String> fields() {
    return words.stream().map(Word::text).toList();
  }

  /** One bit for each value of a field. */
  long bits(CronField field) {
    Word word = words.get(field.number() - 1);
    boolean day = field == CronField.DAY || field == CronField.WEEKDAY;
    if (day && word.text.equals("?")) {
      return field.all();
    }
    long bits = 0;
    int at = word.at;
    for (String item : word.text.split(",", -1)) {
      bits |= item(new Word(field, item, at));
      at += item.length() + 1;
    }
    return bits;
  }

  private List<Word> words() {
    if (text.length() > LONGEST) {
      throw refusal("it has %d characters; at most %d are read".formatted(text.length(), LONGEST));
    }
    String spelled = text.strip();
    if (spelled.startsWith("@")) {
      spelled = macro(spelled);
    }
    boolean written = text.contains(spelled);
    int at = written ? text.indexOf(spelled) : 0;
    List<String> parts = List.of(spelled.split("[ \t]+", -1));
    if (parts.size() != CronField.values().length || spelled.isEmpty()) {
      throw refusal(fieldCount(spelled.isEmpty() ? 0 : parts.size()));
    }
    List<Word> found = new ArrayList<>();
    for (CronField field : CronField.values()) {
      String part = parts.get(field.number() - 1);
      at = written ? text.indexOf(part, at) : 0;
      found.add(new Word(field, part, at));
      at += part.length();
    }
    return found;
  }

  private static String fieldCount(int count) {
    String want = "five are needed: minute, hour, day of month, month, day of week";
    return count == CronField.values().length + 1
        ? "it has 6 fields; "
            + want
            + ". There are no seconds: for less than a minute use an interval"
        : "it has %d field%s; %s".formatted(count, count == 1 ? "" : "s", want);
  }

  private String macro(String spelled) {
    String fields = MACROS.get(spelled.toLowerCase(Locale.ROOT));
    if (fields == null) {
      throw refusal(
          "there is no such word; allowed are @hourly, @daily, @midnight, @weekly, @monthly,"
              + " @yearly and @annually, or five fields");
    }
    return fields;
  }

  private long item(Word item) {
    int slash = item.text.indexOf('/');
    String range = slash < 0 ? item.text : item.text.substring(0, slash);
    int step = slash < 0 ? 1 : step(item, slash);
    CronField field = item.field;
    if (range.equals("*")) {
      return field.bits(field.first(), field.last(), step);
    }
    int dash = range.indexOf('-');
    if (dash < 0) {
      int value = value(item, range, 0);
      int from = sunday(field, value);
      return field.bits(from, slash < 0 ? from : field.last(), step);
    }
    int from = value(item, range.substring(0, dash), 0);
    int to = value(item, range.substring(dash + 1), dash + 1);
    return range(field, from, to, step);
  }

  private static long range(CronField field, int from, int to, int step) {
    boolean week = field == CronField.WEEKDAY;
    if (week && to > field.last() && from < field.first() + 1) {
      return field.bits(field.first(), field.last(), step);
    }
    return field.bits(sunday(field, from), sunday(field, to), step);
  }

  /** 7 is Sunday as 0 is. */
  private static int sunday(CronField field, int value) {
    return field == CronField.WEEKDAY && value > field.last() ? field.first() : value;
  }

  private int step(Word item, int slash) {
    String digits = item.text.substring(slash + 1);
    CronField field = item.field;
    if (!number(digits)) {
      throw refusal(item, slash + 1, "step '" + shown(digits) + "'", steps(field));
    }
    int step = digits.length() > MOST_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(digits);
    if (step < 1 || step > field.longestStep()) {
      throw refusal(item, slash + 1, "step " + shown(digits), steps(field));
    }
    return step;
  }

  private static String steps(CronField field) {
    return "after '/' allowed are 1-" + field.longestStep();
  }

  private int value(Word item, String spelled, int within) {
    CronField field = item.field;
    int named = field.named(spelled.toLowerCase(Locale.ROOT));
    if (named >= 0) {
      return named;
    }
    if (!number(spelled)) {
      String what = spelled.isEmpty() ? "a missing value" : "'" + shown(spelled) + "'";
      throw refusal(item, within, what, allowed(field));
    }
    int value = spelled.length() > MOST_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(spelled);
    if (!field.holds(value)) {
      throw refusal(item, within, field.title() + " " + shown(spelled), allowed(field));
    }
    return value;
  }

  private static String allowed(CronField field) {
    boolean day = field == CronField.DAY || field == CronField.WEEKDAY;
    return "allowed are %s, '*'%s, ranges a-b, steps /n and lists a,b"
        .formatted(field.allowed(), day ? ", '?'" : "");
  }

  private static boolean number(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private Refusal refusal(Word item, int within, String what, String allowed) {
    return Refusal.badInput(
        "bad-cron",
        "%s in field %d (%s, character %d) of '%s': %s. %s",
        what,
        item.field.number(),
        item.field.title(),
        item.at + within + 1,
        shown(text),
        allowed,
        NEXT_STEP);
  }

  private Refusal refusal(String why) {
    return Refusal.badInput(
        "bad-cron", "'%s' is no cron expression: %s. %s", shown(text), why, NEXT_STEP);
  }

  static String shown(String text) {
    return Text.brief(Text.clean(text), SHOWN);
  }
}
