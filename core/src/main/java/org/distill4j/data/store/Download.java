package org.distill4j.data.store;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.distill4j.storage.AtomicFile;

/** One download on its way: the client's threads write what arrives, another thread watches. */
public final class Download {
  private final URI from;
  private final FileChannel to;
  private volatile long bytes;
  private volatile long total;
  private volatile IOException unwritable;

  Download(URI from, FileChannel to) {
    this.from = from;
    this.to = to;
  }

  /** The address. */
  URI from() {
    return from;
  }

  /** How many bytes have been written. */
  long bytes() {
    return bytes;
  }

  /** How many bytes the server announced; 0 if it did not say, or nothing has arrived yet. */
  long total() {
    return total;
  }

  /** Why the disk took no more, or null. */
  IOException unwritable() {
    return unwritable;
  }

  /** Takes the body of a good response, passes over that of any other. */
  HttpResponse.BodySubscriber<Void> subscribe(HttpResponse.ResponseInfo response) {
    if (response.statusCode() != 200) {
      return HttpResponse.BodySubscribers.replacing(null);
    }
    total = response.headers().firstValueAsLong("content-length").orElse(0);
    return HttpResponse.BodySubscribers.ofByteArrayConsumer(piece -> piece.ifPresent(this::write));
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // the client delivers one piece after the other
  private void write(byte[] piece) {
    if (unwritable != null) {
      return;
    }
    try {
      AtomicFile.writeFully(to, ByteBuffer.wrap(piece));
      bytes += piece.length;
    } catch (IOException e) {
      unwritable = e;
    }
  }
}
