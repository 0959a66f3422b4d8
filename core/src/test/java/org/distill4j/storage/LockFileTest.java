package org.distill4j.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.distill4j.fault.RunFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockFileTest {
  @TempDir Path folder;

  @Test
  void holding_manyThreads_letsOneAtATime() throws InterruptedException {
    Path lock = folder.resolve("deep/x.lock");
    int[] inside = {0};
    int[] most = {0};
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () -> {
                awaitUninterruptibly(start);
                for (int k = 0; k < 300; k++) {
                  LockFile.holding(
                      lock,
                      () -> {
                        inside[0]++;
                        most[0] = Math.max(most[0], inside[0]);
                        return inside[0]--;
                      });
                }
              });
      thread.start();
      threads.add(thread);
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(most[0]).isEqualTo(1);
  }

  @Test
  void holding_theWorkThrows_freesTheLock() {
    Path lock = folder.resolve("x.lock");
    assertThatThrownBy(
            () ->
                LockFile.holding(
                    lock,
                    () -> {
                      throw new RunFault("as said");
                    }))
        .hasMessage("as said");
    assertThat(LockFile.<Integer>holding(lock, () -> 5)).isEqualTo(5);
  }

  @Test
  void holding_aFolderThatIsAFile_isSaidInOneLine() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> LockFile.holding(file.resolve("x.lock"), () -> 5))
        .isInstanceOf(RunFault.class)
        .hasMessageContaining("cannot be locked: ")
        .hasMessageEndingWith("; choose another folder");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
