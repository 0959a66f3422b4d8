package org.distill4j.data.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.HexFormat;
import org.distill4j.data.store.ByteSource;
import org.distill4j.fault.InputFault;

/**
 * The characters of a text and the lines they stand in. Bytes that are no characters of the text's
 * encoding are refused with their place, never replaced.
 */
final class TextReader implements AutoCloseable {
  private static final int ROOM = 1 << 16;

  private final ByteSource source;
  private final InputStream in;
  private final Charset charset;
  private final CharsetDecoder decoder;
  private final byte[] raw = new byte[ROOM];
  private final ByteBuffer bytes = ByteBuffer.wrap(raw);
  private final char[] chars = new char[ROOM];
  private int at;
  private int end;
  private long offset; // of raw[0] in the text
  private boolean drained;
  private String wrong; // what stands behind the last of the characters; null for nothing
  private long line = 1;

  /**
   * Opens a text.
   *
   * @param encoding a character set's name; empty: what the text's first bytes tell, else UTF-8
   */
  TextReader(ByteSource source, String encoding) {
    this.source = source;
    int read;
    EncodingMark mark;
    InputStream opened = source.open();
    try {
      read = source.read(opened, raw, ROOM);
      mark = EncodingMark.of(raw, read);
      this.charset = mark.charset(source.name(), encoding, raw, read);
    } catch (RuntimeException e) {
      closeQuietly(opened, e);
      throw e;
    }
    this.in = opened;
    this.drained = read < ROOM;
    this.decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    bytes.limit(read).position(mark.length());
  }

  private static void closeQuietly(InputStream opened, RuntimeException cause) {
    try {
      opened.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** The line of the character that is read next, counting from 1. */
  long line() {
    return line;
  }

  /** The next character, which stays the next; -1 at the end. */
  int peek() throws IOException {
    return at < end || fill() ? chars[at] : -1;
  }

  /** The next character; -1 at the end. A line ends with a line feed, a return, or both. */
  int read() throws IOException {
    if (at == end && !fill()) {
      return -1;
    }
    char c = chars[at++];
    if (c == '\n' || (c == '\r' && peek() != '\n')) {
      line++;
    }
    return c;
  }

  /** Passes over the rest of a line and its end. */
  void passLine() throws IOException {
    int c = read();
    while (!endsLine(c)) {
      c = read();
    }
    passEnd(c);
  }

  /** Passes over what is left of a line's end of which the first character was read. */
  void passEnd(int first) throws IOException {
    if (first == '\r' && peek() == '\n') {
      read();
    }
  }

  /** Whether a character ends a line, or the text. */
  static boolean endsLine(int c) {
    return c == '\n' || c == '\r' || c < 0;
  }

  /** Whether a text stands next. */
  boolean isNext(String text) throws IOException {
    while (end - at < text.length() && more()) {
      // until there is enough to tell
    }
    return end - at >= text.length() && text.equals(new String(chars, at, text.length()));
  }

  private boolean fill() throws IOException {
    return more() || at < end;
  }

  /** Decodes behind what is left; whether there was anything. */
  private boolean more() throws IOException {
    if (wrong != null) {
      if (at == end) {
        throw new InputFault("%s:%s: %s".formatted(source.name(), line, wrong));
      }
      return false;
    }
    System.arraycopy(chars, at, chars, 0, end - at);
    end -= at;
    at = 0;
    int before = end;
    while (end == before && wrong == null && (bytes.hasRemaining() || !drained)) {
      decode();
    }
    return end > before || (wrong != null && more());
  }

  private void decode() throws IOException {
    if (!drained && bytes.remaining() < ROOM / 2) {
      offset += bytes.position();
      bytes.compact();
      int kept = bytes.position();
      int read = in.readNBytes(raw, kept, ROOM - kept);
      drained = read < ROOM - kept;
      bytes.limit(kept + read).position(0);
    }
    int first = bytes.position();
    CharBuffer to = CharBuffer.wrap(chars, end, chars.length - end);
    CoderResult result = decoder.decode(bytes, to, drained);
    int decoded = to.position();
    if (result.isError()) {
      wrong = undecodable(result.length());
    }
    for (int i = end; i < decoded; i++) {
      if (chars[i] == 0) {
        long place = offset + first + new String(chars, end, i - end).getBytes(charset).length;
        wrong =
            "byte 0x00 at offset %s (expected: text in %s); is it UTF-16? give its encoding"
                .formatted(place, charset);
        decoded = i;
      }
    }
    end = decoded;
  }

  private String undecodable(int length) {
    String bad = HexFormat.of().formatHex(raw, bytes.position(), bytes.position() + length);
    return "byte 0x%s at offset %s is not %s (expected: %s); name its encoding, such as 'encoding: %s'"
        .formatted(
            bad,
            offset + bytes.position(),
            charset,
            charset,
            charset.name().equals("UTF-8") ? "windows-1252' or 'encoding: gbk" : "utf-8");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
