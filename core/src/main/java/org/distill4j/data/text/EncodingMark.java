package org.distill4j.data.text;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.Locale;
import org.distill4j.fault.InputFault;
import org.distill4j.table.Dialect;

/**
 * What the first bytes of a text tell of its encoding: its byte order mark.
 *
 * @param known null where there is none
 * @param length of the mark in bytes
 */
record EncodingMark(Charset known, int length) {
  private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
  private static final Charset UTF_32LE = Charset.forName("UTF-32LE");

  /** Looks at the first bytes. */
  static EncodingMark of(byte[] bytes, int count) {
    long head = 0;
    for (int i = 0; i < 4; i++) {
      head = head << 8 | (i < count ? bytes[i] & 0xff : 0x20);
    }
    if (head == 0xfffe0000L) {
      return new EncodingMark(UTF_32LE, 4);
    }
    if (head == 0xfeffL) {
      return new EncodingMark(UTF_32BE, 4);
    }
    if (head >> 8 == 0xefbbbf) {
      return new EncodingMark(UTF_8, 3);
    }
    if (head >> 16 == 0xfffe) {
      return new EncodingMark(UTF_16LE, 2);
    }
    return head >> 16 == 0xfeff ? new EncodingMark(UTF_16BE, 2) : new EncodingMark(null, 0);
  }

  /**
   * What the text is to be read in.
   *
   * @param file what messages call it
   * @param asked a character set's name; empty: none is asked for
   * @throws InputFault if the mark says something else than is asked for
   */
  Charset charset(String file, String asked, byte[] bytes, int count) {
    if (asked.isEmpty()) {
      return known == null ? UTF_8 : known;
    }
    Charset charset = Dialect.charset(asked);
    if (known == null) {
      return charset.name().matches("UTF-(16|32)")
          ? ordered(charset.name(), bytes, count)
          : charset;
    }
    if (!known.name().startsWith(charset.name())) {
      throw new InputFault(
          "%s:1: begins with the mark of %s (expected: %s); give 'encoding: %s', or none"
              .formatted(file, known, charset, known.name().toLowerCase(Locale.ROOT)));
    }
    return known;
  }

  /** Without a mark the zeros tell the order: separators and digits are small numbers. */
  private static Charset ordered(String name, byte[] bytes, int count) {
    int width = name.equals("UTF-16") ? 2 : 4;
    int zerosFirst = 0;
    int zerosLast = 0;
    for (int i = 0; i + width <= count; i += width) {
      zerosFirst += bytes[i] == 0 ? 1 : 0;
      zerosLast += bytes[i + width - 1] == 0 ? 1 : 0;
    }
    return Charset.forName(name + (zerosLast > zerosFirst ? "LE" : "BE"));
  }
}
