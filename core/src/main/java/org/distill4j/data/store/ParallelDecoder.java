package org.distill4j.data.store;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.progress.ProgressListener;

/**
 * Decodes all rows of a source on all processors, and hands them on in their order: while one is
 * taken, those behind it are read and decoded ahead, as many as memory is set aside for.
 */
public final class ParallelDecoder {
  /** Hears of each row that could be decoded. */
  public interface Taker {
    void take(long index, byte[] row) throws IOException;
  }

  /** Rows decoded by one task, so that handing over costs little. */
  private static final int PER_TASK = 32;

  /** Bytes of rows that may be decoded ahead. */
  private static final long AHEAD = 256 << 20;

  private final String what;
  private final Rows.Source source;
  private final ProgressListener listener;
  private final List<String> missed = new ArrayList<>();

  /**
   * Gets ready.
   *
   * @param what is decoded, for progress and messages: {@code data 'cats'}
   */
  public ParallelDecoder(String what, Rows.Source source, ProgressListener listener) {
    this.what = what;
    this.source = source;
    this.listener = listener;
  }

  /** What one task decoded; where a row is null, its place among the faults says why. */
  private static final class Piece {
    final long first;
    final byte[][] rows;
    final Rows.Undecodable[] faults;

    Piece(long first, int size) {
      this.first = first;
      this.rows = new byte[size][];
      this.faults = new Rows.Undecodable[size];
    }
  }

  /**
   * Decodes everything.
   *
   * @return what was passed over, one line each
   * @throws InputFault if more is undecodable than may be
   */
  public List<String> run(Taker taker) throws IOException {
    long count = source.count();
    int threads = Runtime.getRuntime().availableProcessors();
    long ahead = Math.max(1, AHEAD / ((long) PER_TASK * source.rowBytes()));
    int window = (int) Math.max(1, Math.min(threads * 4L, ahead));
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "distill4j-decoding");
              thread.setDaemon(true);
              return thread;
            });
    listener.begin("reading " + what, count, "examples");
    try {
      Deque<Future<Piece>> open = new ArrayDeque<>();
      long next = 0;
      for (long done = 0; done < count; ) {
        for (; next < count && open.size() < window; next += PER_TASK) {
          open.add(pool.submit(piece(next, (int) Math.min(PER_TASK, count - next))));
        }
        Piece piece = await(open.remove());
        take(piece, taker);
        done += piece.rows.length;
        listener.advance(done, Map.of());
      }
    } finally {
      pool.shutdownNow();
      listener.end(
          count + " examples" + (missed.isEmpty() ? "" : ", " + missed.size() + " skipped"));
    }
    return missed;
  }

  private Callable<Piece> piece(long first, int size) {
    return () -> {
      Piece piece = new Piece(first, size);
      for (int i = 0; i < size; i++) {
        try {
          piece.rows[i] = source.decode(first + i);
        } catch (Rows.Undecodable e) {
          piece.faults[i] = e;
        }
      }
      return piece;
    };
  }

  private void take(Piece piece, Taker taker) throws IOException {
    for (int i = 0; i < piece.rows.length; i++) {
      if (piece.faults[i] == null) {
        taker.take(piece.first + i, piece.rows[i]);
        continue;
      }
      missed.add(piece.faults[i].getMessage());
      if (missed.size() > source.mayMiss()) {
        throw new InputFault(
            String.format(
                Locale.ROOT,
                "%s: %s; %,d of %,d examples so far are unreadable (expected: at most %d); mend them or set images.unreadable",
                missed.get(missed.size() - 1),
                what,
                missed.size(),
                piece.first + i + 1,
                source.mayMiss()));
      }
    }
  }

  private static Piece await(Future<Piece> piece) {
    try {
      return piece.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunFault("reading data: interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new RunFault("reading data: " + e.getCause().getMessage(), e.getCause());
    }
  }
}
