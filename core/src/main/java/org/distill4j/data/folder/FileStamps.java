package org.distill4j.data.folder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.distill4j.fault.InputFault;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;

/**
 * Whether files are still what they were, without reading all of them: by length, time of change,
 * inode and the time of the inode's change, which no program can set back; and by bytes from the
 * beginning, middle and end of some thousand of them. Where a file system has no inodes, by all
 * bytes.
 */
public final class FileStamps {
  /** Files whose bytes are sampled; more than these are told by their inodes alone. */
  private static final int SAMPLED = 4096;

  private static final int PIECE = 1024;
  private static final int BLOCK = 8192;
  private static final String ATTRIBUTES = "unix:size,lastModifiedTime,ctime,ino";

  private FileStamps() {}

  /** The digest of files, by their places below a folder, in an order: 64 hex digits. */
  public static String sha256(Path root, List<Path> files) {
    Sha256 sha = new Sha256();
    int every = Math.max(1, (files.size() + SAMPLED - 1) / SAMPLED);
    for (int start = 0; start < files.size(); start += BLOCK) {
      IntStream.range(start, Math.min(files.size(), start + BLOCK))
          .parallel()
          .mapToObj(i -> root.relativize(files.get(i)) + " " + stamp(files.get(i), i % every == 0))
          .toList()
          .forEach(sha::add);
    }
    return sha.hex();
  }

  private static String stamp(Path file, boolean sampled) {
    try {
      if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
        return Sha256.of(file);
      }
      Map<String, Object> inode = Files.readAttributes(file, ATTRIBUTES);
      String stamp =
          inode.get("size")
              + " "
              + inode.get("lastModifiedTime")
              + " "
              + inode.get("ctime")
              + " "
              + inode.get("ino");
      return sampled ? stamp + " " + sample(file) : stamp;
    } catch (NoSuchFileException e) {
      return "a link that leads nowhere";
    } catch (IOException e) {
      throw new InputFault(file + ": cannot be read: " + AtomicFile.reason(e), e);
    }
  }

  private static String sample(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      ByteBuffer pieces = ByteBuffer.allocate(3 * PIECE);
      long length = channel.size();
      for (int i = 0; i < 3; i++) {
        channel.position(Math.max(0, length - PIECE) * i / 2);
        pieces.limit((i + 1) * PIECE);
        while (pieces.hasRemaining() && channel.read(pieces) >= 0) {
          // until the piece is full or the file ends
        }
        if (length <= PIECE) {
          break;
        }
      }
      return new Sha256().add(pieces.flip()).hex();
    }
  }
}
