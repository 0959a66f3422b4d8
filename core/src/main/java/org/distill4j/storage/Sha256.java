package org.distill4j.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.distill4j.fault.InputFault;

/** A running SHA-256 digest, read as 64 lower-case hex digits. */
public final class Sha256 {
  private final MessageDigest digest;

  /** The digest of nothing yet. */
  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Adds bytes. */
  public Sha256 add(byte[] bytes) {
    digest.update(bytes);
    return this;
  }

  /** Adds what remains of the buffer; its position stays. */
  public Sha256 add(ByteBuffer bytes) {
    digest.update(bytes.duplicate());
    return this;
  }

  /**
   * Adds a text's UTF-8 bytes and a separator, so that {@code ("ab", "c")} differs from {@code
   * ("a", "bc")}.
   */
  public Sha256 add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    return this;
  }

  /** The digest of all that was added; starts anew afterwards. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The digest of bytes. */
  public static String of(byte[] bytes) {
    return new Sha256().add(bytes).hex();
  }

  /** The digest of texts, each closed by a separator. */
  public static String ofTexts(String... texts) {
    Sha256 sha = new Sha256();
    for (String text : texts) {
      sha.add(text);
    }
    return sha.hex();
  }

  /** The digest of a file's content. */
  public static String of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Sha256 sha = new Sha256();
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha.digest.update(buffer, 0, n);
      }
      return sha.hex();
    } catch (IOException e) {
      throw new InputFault(file + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }
}
