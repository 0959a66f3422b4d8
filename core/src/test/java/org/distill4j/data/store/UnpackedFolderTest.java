package org.distill4j.data.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.distill4j.storage.AtomicFile;
import org.distill4j.storage.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedFolderTest {
  private static final String KEY = "a".repeat(64);
  private static final byte[] CONTENT = new byte[300_000];

  @TempDir Path folder;
  private final AtomicInteger made = new AtomicInteger();

  @Test
  void open_manyThreadsAtOnce_makeItOnce() throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<String>> digests = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      digests.add(threads.submit(this::open));
    }
    for (Future<String> digest : digests) {
      assertThat(digest.get()).isEqualTo(Sha256.of(CONTENT));
    }
    threads.shutdown();
    assertThat(made).hasValue(1);
  }

  @Test
  void open_killedBeforeTheDigestWasWritten_makesItAnew() throws IOException {
    Files.write(folder.resolve(KEY), new byte[5]);
    Files.write(folder.resolve(KEY + ".sha256.part"), new byte[5]);
    assertThat(open()).isEqualTo(Sha256.of(CONTENT));
    assertThat(made).hasValue(1);
  }

  @Test
  void open_fileCutShort_makesItAnew() throws IOException {
    open();
    Files.write(folder.resolve(KEY), new byte[299_999]);
    assertThat(open()).isEqualTo(Sha256.of(CONTENT));
    assertThat(made).hasValue(2);
  }

  private String open() {
    return new UnpackedFolder(folder)
        .open(
            KEY,
            channel -> {
              made.incrementAndGet();
              AtomicFile.writeFully(channel, ByteBuffer.wrap(CONTENT));
            })
        .sha256();
  }
}
