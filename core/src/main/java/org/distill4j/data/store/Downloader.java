package org.distill4j.data.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.distill4j.fault.RunFault;
import org.distill4j.progress.ProgressListener;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;

/** Fetches packed files from their publishers and keeps only those whose content is as expected. */
public final class Downloader {
  private static final int BUFFER = 1 << 16;

  /** How often progress is told and a standstill looked for. */
  private static final long TICK_MILLIS = 200;

  private final Duration patience;
  private final ProgressListener listener;
  private final HttpClient client;

  /**
   * A downloader that follows redirects, but never from https to http.
   *
   * @param patience how long a connection may take, and how long no byte may come
   */
  public Downloader(Duration patience, ProgressListener listener) {
    this.patience = patience;
    this.listener = listener;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
  }

  /**
   * Fetches one gzip file.
   *
   * @param to replaced only by a file whose unpacked content has the digest
   * @param sha256 of the unpacked content
   * @throws RunFault naming the address if it cannot be had, breaks off, stalls, or is another file
   */
  public void fetch(URI from, Path to, String sha256) {
    AtomicFile.write(
        to,
        "download",
        channel -> {
          receive(new Download(from, channel));
          String received = unpackedDigest(from, channel);
          if (!received.equals(sha256)) {
            throw new RunFault(
                "%s: sha256 %s of the unpacked content (expected: %s); nothing was kept"
                    .formatted(from, received, sha256));
          }
        });
  }

  /** Writes the whole body, or throws: an IOException only where the disk is at fault. */
  private void receive(Download transfer) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(transfer.from()).GET().build();
    CompletableFuture<HttpResponse<Void>> response = client.sendAsync(request, transfer::subscribe);
    String file = Path.of(transfer.from().getPath()).getFileName().toString();
    listener.begin("download " + file, 0, "bytes");
    try {
      await(transfer, response);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunFault(transfer.from() + ": interrupted while downloading", e);
    } catch (ExecutionException e) {
      throw new RunFault(brokenOff(transfer, e.getCause()), e);
    } finally {
      response.cancel(true);
      listener.end(transfer.bytes() + " bytes");
    }
  }

  private void await(Download transfer, CompletableFuture<HttpResponse<Void>> response)
      throws IOException, InterruptedException, ExecutionException {
    long bytes = -1;
    long changed = System.nanoTime();
    while (true) {
      try {
        int status = response.get(TICK_MILLIS, TimeUnit.MILLISECONDS).statusCode();
        if (status != 200) {
          throw new RunFault(transfer.from() + ": HTTP " + status + " (expected: 200)");
        }
      } catch (TimeoutException e) {
        // still on its way
      }
      if (transfer.unwritable() != null) {
        throw transfer.unwritable();
      }
      if (response.isDone()) {
        return;
      }
      if (transfer.bytes() != bytes) {
        bytes = transfer.bytes();
        changed = System.nanoTime();
        listener.advance(bytes, Map.of());
      } else if (System.nanoTime() - changed > patience.toNanos()) {
        throw new RunFault(
            "%s: nothing more after %s bytes for %s ms (expected: %s); try again"
                .formatted(transfer.from(), bytes, patience.toMillis(), announced(transfer)));
      }
    }
  }

  private static String brokenOff(Download transfer, Throwable cause) {
    String reason =
        cause instanceof IOException e ? AtomicFile.reason(e) : cause.getClass().getSimpleName();
    return transfer.bytes() == 0
        ? "%s: %s (expected: an answer)".formatted(transfer.from(), reason)
        : "%s: broken off after %s bytes: %s (expected: %s); try again"
            .formatted(transfer.from(), transfer.bytes(), reason, announced(transfer));
  }

  private static String announced(Download transfer) {
    return transfer.total() == 0 ? "all" : "all " + transfer.total();
  }

  private static String unpackedDigest(URI from, FileChannel channel) throws IOException {
    channel.position(0);
    Sha256 sha = new Sha256();
    byte[] buffer = new byte[BUFFER];
    boolean packed = from.getPath().endsWith(".gz");
    try (InputStream in =
        packed ? new GZIPInputStream(keepOpen(channel), BUFFER) : keepOpen(channel)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha.add(ByteBuffer.wrap(buffer, 0, n));
      }
    } catch (IOException e) {
      throw new RunFault(
          "%s: not a whole gzip file: %s; nothing was kept".formatted(from, AtomicFile.reason(e)),
          e);
    }
    return sha.hex();
  }

  /** The channel's bytes; closing the stream leaves the channel open. */
  private static InputStream keepOpen(FileChannel channel) {
    return new FilterInputStream(Channels.newInputStream(channel)) {
      @Override
      public void close() {}
    };
  }
}
