package dev.rookery.posix;

import dev.rookery.kernel.Text;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Names of files as text. A name on Linux is bytes; one that is no UTF-8 keeps its odd bytes as
 * lone surrogates U+DC80 to U+DCFF (as PEP 383), so that every name has exactly one spelling.
 */
public final class FileNames {
  private static final char ODD = '\uDC00';

  private FileNames() {}

  public static String decode(byte[] name) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    try {
      return decoder.decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException _) {
      return decodeOdd(decoder.reset(), name);
    }
  }

  private static String decodeOdd(CharsetDecoder decoder, byte[] name) {
    ByteBuffer in = ByteBuffer.wrap(name);
    CharBuffer out = CharBuffer.allocate(name.length + 1);
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      if (result.isUnderflow()) {
        return out.flip().toString();
      }
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ODD + (in.get() & 0xff)));
      }
      decoder.reset();
    }
  }

  public static byte[] encode(String name) {
    byte[] bytes = new byte[name.length() * 3];
    int length = 0;
    for (int i = 0; i < name.length(); ) {
      int point = name.codePointAt(i);
      i += Character.charCount(point);
      if (isOdd(point)) {
        bytes[length++] = (byte) (point - ODD);
      } else {
        byte[] plain = Character.toString(point).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(plain, 0, bytes, length, plain.length);
        length += plain.length;
      }
    }
    return Arrays.copyOf(bytes, length);
  }

  private static boolean isOdd(int point) {
    return point >= ODD + 0x80 && point <= ODD + 0xff;
  }

  /** For people and models. */
  public static String shown(String name) {
    return Text.clean(name);
  }
}
