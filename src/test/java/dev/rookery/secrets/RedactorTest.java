package dev.rookery.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two hundred planted secrets, said by a server in every way that it may find. */
final class RedactorTest {
  private static final String ALPHABET =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_-.~!%&\"\\<>#? ";
  private static final List<SecretValue> PLANTED = planted();

  private final Redactor redactor = new Redactor(PLANTED);

  private static List<SecretValue> planted() {
    Random random = new Random(7);
    return IntStream.range(0, 200)
        .mapToObj(
            i -> {
              StringBuilder value = new StringBuilder("k");
              int length = 7 + random.nextInt(60);
              for (int c = 0; c < length; c++) {
                value.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
              }
              return new SecretValue("PLANTED_" + i, value.append(i).toString());
            })
        .toList();
  }

  /** Every way to say a value that is looked for. */
  private static List<String> forms(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
    List<String> forms = new ArrayList<>();
    forms.add(value);
    forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
    forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
    forms.add(each(bytes, "%%%02x"));
    forms.add(dev.rookery.kernel.Json.write(value));
    forms.add(dev.rookery.kernel.Json.write(value).replace("/", "\\/"));
    forms.add(each(bytes, "\\u%04x"));
    forms.add(each(bytes, "%%%02X"));
    forms.add(each(bytes, "&#%d;"));
    forms.add(each(bytes, "&#x%x;"));
    forms.add(
        value
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;"));
    forms.add(HexFormat.of().formatHex(bytes));
    forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
    for (String before : List.of("", "u", "ad", "ada", "user:", "Aladdin:x")) {
      byte[] whole = (before + value + "#end").getBytes(StandardCharsets.US_ASCII);
      forms.add(Base64.getEncoder().encodeToString(whole));
      forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(whole));
      forms.add(Base64.getMimeEncoder(20, "\r\n".getBytes()).encodeToString(whole));
      forms.add(
          URLEncoder.encode(Base64.getEncoder().encodeToString(whole), StandardCharsets.UTF_8));
    }
    return forms;
  }

  private static String each(byte[] bytes, String format) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      text.append(format.formatted(b));
    }
    return text.toString();
  }

  @Test
  void none_of_two_hundred_secrets_is_left_in_any_form() {
    List<String> left = new ArrayList<>();
    for (SecretValue secret : PLANTED) {
      for (String form : forms(secret.reveal())) {
        String clean = redactor.text("before " + form + " after");
        if (!clean.contains("[secret:" + secret.name() + "]")) {
          left.add(secret.name() + " as " + form);
        }
      }
    }
    assertThat(left).isEmpty();
  }

  @Test
  void a_secret_in_two_bytes_for_each_character_is_found() throws IOException {
    for (var charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      for (SecretValue secret : PLANTED) {
        byte[] said = ("key: " + secret.reveal() + ".").getBytes(charset);
        byte[] clean = redactor.stream(new ByteArrayInputStream(said)).readAllBytes();
        assertThat(new String(clean, StandardCharsets.ISO_8859_1))
            .contains("[secret:" + secret.name() + "]");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 1_000, 16_384})
  void a_secret_across_the_borders_of_chunks_is_found(int chunk) throws IOException {
    StringBuilder whole = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (SecretValue secret : PLANTED.subList(0, 40)) {
      for (String form : forms(secret.reveal())) {
        String padding = "text".repeat(whole.length() % 5) + " %% \\ & ";
        whole.append(padding).append(form).append(' ');
      }
    }
    expected.append(redactor.text(whole.toString()));

    byte[] read = redactor.stream(dribbling(whole.toString(), chunk)).readAllBytes();

    assertThat(new String(read, StandardCharsets.UTF_8)).isEqualTo(expected.toString());
    for (SecretValue secret : PLANTED) {
      assertThat(expected.toString()).doesNotContain(secret.reveal());
    }
  }

  private static InputStream dribbling(String text, int chunk) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
      @Override
      public synchronized int read(byte[] bytes, int offset, int length) {
        return super.read(bytes, offset, Math.min(length, chunk));
      }
    };
  }

  @Test
  void what_holds_no_secret_stays_as_it_is_to_the_byte() throws IOException {
    byte[] noise = new byte[300_000];
    new Random(3).nextBytes(noise);

    assertThat(redactor.stream(new ByteArrayInputStream(noise)).readAllBytes()).isEqualTo(noise);
    assertThat(redactor.text("ä 😀 %zz \\u12 &# &; + k")).isEqualTo("ä 😀 %zz \\u12 &# &; + k");
    assertThat(redactor.text("")).isEmpty();
  }

  @Test
  void a_stream_gives_what_is_there_before_more_comes() throws IOException {
    byte[] head = "data: hello and a line that is long enough\n\n".getBytes(StandardCharsets.UTF_8);
    InputStream live =
        new InputStream() {
          private int calls;

          @Override
          public int read() {
            throw new AssertionError("read in bulk");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            if (calls++ > 0) {
              throw new AssertionError("read ahead");
            }
            System.arraycopy(head, 0, bytes, offset, head.length);
            return head.length;
          }
        };
    byte[] first = new byte[100];
    assertThat(redactor.stream(live).read(first)).isGreaterThan(20);
  }

  @Test
  void a_redactor_and_a_value_do_not_show_what_they_know() {
    assertThat(PLANTED.getFirst()).hasToString("[secret:PLANTED_0]");
    assertThat(redactor.toString()).doesNotContain(PLANTED.getFirst().reveal());
    assertThat(redactor.finds("x " + PLANTED.get(7).reveal())).isTrue();
    assertThat(redactor.finds("nothing")).isFalse();
  }
}
