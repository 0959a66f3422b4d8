package org.distill4j.data.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.distill4j.data.Cache;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.progress.ProgressListener;
import org.distill4j.storage.Sha256;

/** Keeps decoded rows where the settings say: on disk, in memory, or nowhere. */
public final class RowStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of the heap that rows may fill. */
  private static final double SHARE_OF_HEAP = 0.7;

  /** What lies behind the rows of a file. */
  record Tail(String sha256, List<String> missed) {
    Tail {
      missed = List.copyOf(missed);
    }

    String json() {
      try {
        return JSON.writeValueAsString(this);
      } catch (JsonProcessingException e) {
        throw new AssertionError(e);
      }
    }
  }

  private RowStore() {}

  /**
   * Opens rows, decoding those that are not there from before.
   *
   * @param what they are, for progress and messages: {@code data 'cats'}
   * @param key 64 hex digits of everything the rows are a function of
   */
  public static Rows open(
      String what,
      Rows.Source source,
      String key,
      Cache cache,
      UnpackedFolder unpacked,
      ProgressListener listener) {
    Rows rows =
        switch (cache) {
          case DISK -> onDisk(what, source, key, unpacked, listener);
          case MEMORY -> inMemory(what, source, listener);
          case NONE -> live(what, source, listener);
        };
    if (rows.count() == 0) {
      throw new InputFault(what + ": nothing that can be read (expected: at least one example)");
    }
    return rows;
  }

  private static Rows onDisk(
      String what,
      Rows.Source source,
      String key,
      UnpackedFolder unpacked,
      ProgressListener listener) {
    UnpackedFolder.Unpacked content =
        unpacked.open(
            key,
            channel -> {
              RowWriter rows = new RowWriter(channel, source.rowBytes());
              Sha256 sha = new Sha256();
              List<String> missed =
                  new ParallelDecoder(what, source, listener)
                      .run(
                          (index, row) -> {
                            rows.next().put(row);
                            sha.add(row);
                          });
              rows.finish(new Tail(sha.hex(), missed).json());
            });
    RowFile file = new RowFile(content.file());
    try {
      int truthAt = source.rowBytes() - Float.BYTES * source.truths();
      return new OnDisk(file, truthAt, JSON.readValue(file.text(), Tail.class));
    } catch (JsonProcessingException e) {
      throw new RunFault(content.file().path() + ": cannot be read; delete it", e);
    }
  }

  private static Rows inMemory(String what, Rows.Source source, ProgressListener listener) {
    long bytes = source.count() * (source.rowBytes() + 16L);
    long most = (long) (SHARE_OF_HEAP * Runtime.getRuntime().maxMemory());
    if (bytes > most) {
      throw new InputFault(
          String.format(
              Locale.ROOT,
              "cache: memory, %,d MB for %s (expected: at most %,d MB of this heap); use cache: disk",
              bytes >> 20,
              what,
              most >> 20));
    }
    List<byte[]> kept = new ArrayList<>();
    Tail tail = decoded(what, source, listener, (index, row) -> kept.add(row));
    return new InMemory(
        kept.toArray(new byte[0][]), source.rowBytes() - Float.BYTES * source.truths(), tail);
  }

  private static Rows live(String what, Rows.Source source, ProgressListener listener) {
    long[] indices = new long[Math.toIntExact(source.count())];
    float[] truths = new float[Math.toIntExact(source.count() * source.truths())];
    int[] count = new int[1];
    Tail tail =
        decoded(
            what,
            source,
            listener,
            (index, row) -> {
              for (int i = 0; i < source.truths(); i++) {
                truths[count[0] * source.truths() + i] =
                    floatOf(row, row.length - Float.BYTES * (source.truths() - i));
              }
              indices[count[0]++] = index;
            });
    return new Live(source, Arrays.copyOf(indices, count[0]), truths, tail);
  }

  private static Tail decoded(
      String what, Rows.Source source, ProgressListener listener, ParallelDecoder.Taker taker) {
    Sha256 sha = new Sha256();
    try {
      List<String> missed =
          new ParallelDecoder(what, source, listener)
              .run(
                  (index, row) -> {
                    taker.take(index, row);
                    sha.add(row);
                  });
      return new Tail(sha.hex(), missed);
    } catch (IOException e) {
      throw new AssertionError("nothing is written here", e);
    }
  }

  private static float floatOf(byte[] row, int offset) {
    return ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).getFloat(offset);
  }

  private record OnDisk(RowFile file, int truthAt, Tail tail) implements Rows {
    @Override
    public long count() {
      return file.rows();
    }

    @Override
    public void copy(long row, byte[] target) {
      file.copy(row, target);
    }

    @Override
    public float truth(long row, int place) {
      return file.floatAt(row, truthAt + Float.BYTES * place);
    }

    @Override
    public String sha256() {
      return tail.sha256();
    }

    @Override
    public List<String> missed() {
      return tail.missed();
    }
  }

  private static final class InMemory implements Rows {
    private final byte[][] rows;
    private final int truthAt;
    private final Tail tail;

    InMemory(byte[][] rows, int truthAt, Tail tail) {
      this.rows = rows;
      this.truthAt = truthAt;
      this.tail = tail;
    }

    @Override
    public long count() {
      return rows.length;
    }

    @Override
    public void copy(long row, byte[] target) {
      byte[] from = rows[(int) row];
      System.arraycopy(from, 0, target, 0, from.length);
    }

    @Override
    public float truth(long row, int place) {
      return floatOf(rows[(int) row], truthAt + Float.BYTES * place);
    }

    @Override
    public String sha256() {
      return tail.sha256();
    }

    @Override
    public List<String> missed() {
      return tail.missed();
    }
  }

  /** Decodes at every read; what was readable at first has to stay so. */
  private static final class Live implements Rows {
    private final Source source;
    private final long[] indices;
    private final float[] truths;
    private final Tail tail;

    Live(Source source, long[] indices, float[] truths, Tail tail) {
      this.source = source;
      this.indices = indices;
      this.truths = truths;
      this.tail = tail;
    }

    @Override
    public long count() {
      return indices.length;
    }

    @Override
    public void copy(long row, byte[] target) {
      try {
        byte[] from = source.decode(indices[(int) row]);
        System.arraycopy(from, 0, target, 0, from.length);
      } catch (Undecodable e) {
        throw new RunFault(e.getMessage() + "; it was readable when the run began", e);
      }
    }

    @Override
    public float truth(long row, int place) {
      return truths[(int) row * source.truths() + place];
    }

    @Override
    public String sha256() {
      return tail.sha256();
    }

    @Override
    public List<String> missed() {
      return tail.missed();
    }
  }
}
