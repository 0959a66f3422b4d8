package org.distill4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PrefetchTest {
  @Test
  void take_manySteps_comeInOrderInFewSlots() {
    AtomicInteger made = new AtomicInteger();
    List<Long> steps = new ArrayList<>();
    try (Prefetch<long[]> prefetch =
        Prefetch.start(
            3,
            () -> {
              made.incrementAndGet();
              return new long[1];
            },
            (slot, step) -> slot[0] = step,
            1000,
            5000)) {
      for (int i = 0; i < 5000; i++) {
        long[] slot = prefetch.take();
        steps.add(slot[0]);
        prefetch.release(slot);
      }
      assertThatThrownBy(prefetch::take).isInstanceOf(NoSuchElementException.class);
      assertThat(prefetch.waitedNanos()).isGreaterThanOrEqualTo(0);
    }
    assertThat(made).hasValue(3);
    assertThat(steps).hasSize(5000).startsWith(1000L, 1001L).endsWith(5999L).isSorted();
    assertThat(steps).doesNotHaveDuplicates();
  }

  @Test
  void take_aSlotInUse_isNotWrittenTo() throws InterruptedException {
    CountDownLatch otherFilled = new CountDownLatch(1);
    try (Prefetch<long[]> prefetch =
        Prefetch.start(
            2,
            () -> new long[1],
            (slot, step) -> {
              slot[0] = step;
              if (step == 1) {
                otherFilled.countDown();
              }
            },
            0,
            100)) {
      long[] held = prefetch.take();
      otherFilled.await();
      long[] second = prefetch.take();
      assertThat(held[0]).isEqualTo(0);
      assertThat(second[0]).isEqualTo(1);
      assertThatThrownBy(prefetch::take)
          .hasMessage("prefetch: all 2 slots are taken (expected: release one first)");
      prefetch.release(second);
      assertThat(prefetch.take()[0]).isEqualTo(2);
      assertThat(held[0]).isEqualTo(0);
    }
  }

  @Test
  void take_fillerFails_isRethrownAfterTheStepsBeforeIt() {
    try (Prefetch<long[]> prefetch =
        Prefetch.start(
            4,
            () -> new long[1],
            (slot, step) -> {
              if (step == 2) {
                throw new InputFault("step 2: broken (expected: whole)");
              }
              slot[0] = step;
            },
            0,
            10)) {
      assertThat(prefetch.take()[0]).isEqualTo(0);
      assertThat(prefetch.take()[0]).isEqualTo(1);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(prefetch::take)
            .isInstanceOf(InputFault.class)
            .hasMessage("step 2: broken (expected: whole)");
      }
    }
  }

  @Test
  void take_fillerRunsOutOfMemory_isRethrown() {
    try (Prefetch<long[]> prefetch =
        Prefetch.start(
            1,
            () -> new long[1],
            (slot, step) -> {
              throw new OutOfMemoryError("as if");
            },
            0,
            1)) {
      assertThatThrownBy(prefetch::take)
          .isInstanceOf(OutOfMemoryError.class)
          .hasMessageContaining("as if");
    }
  }

  @Test
  void close_whileFilling_waitsForTheFillAndClosesTheSlots() throws InterruptedException {
    CountDownLatch filling = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicReference<String> order = new AtomicReference<>("");
    Prefetch<AutoCloseable> prefetch =
        Prefetch.start(
            1,
            () -> () -> order.accumulateAndGet(" closed", String::concat),
            (slot, step) -> {
              filling.countDown();
              awaitUninterruptibly(mayEnd);
              order.accumulateAndGet(" filled", String::concat);
            },
            0,
            10);
    filling.await();
    Thread closer = new Thread(prefetch::close);
    closer.start();
    closer.interrupt();
    mayEnd.countDown();
    closer.join();
    assertThat(order).hasValue(" filled closed");
    prefetch.close();
    assertThatThrownBy(prefetch::take).hasMessage("prefetch: closed (expected: open)");
  }

  @Test
  void take_interrupted_saysSoAndStaysInterrupted() {
    CountDownLatch mayEnd = new CountDownLatch(1);
    try (Prefetch<long[]> prefetch =
        Prefetch.start(1, () -> new long[1], (slot, step) -> awaitUninterruptibly(mayEnd), 0, 1)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(prefetch::take)
          .isInstanceOf(RunFault.class)
          .hasMessage("prefetch: interrupted while waiting for the next batch");
      assertThat(Thread.interrupted()).isTrue();
      mayEnd.countDown();
      assertThat(prefetch.take()).isNotNull();
    }
  }

  @Test
  void close_beforeAnyTake_endsAFullRing() {
    Prefetch<long[]> prefetch =
        Prefetch.start(2, () -> new long[1], (slot, step) -> {}, 0, Long.MAX_VALUE);
    prefetch.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(t -> t.getName().equals("distill4j-prefetch"));
  }

  @Test
  void release_aSlotThatIsNotTaken_isRefused() {
    try (Prefetch<long[]> prefetch =
        Prefetch.start(2, () -> new long[1], (slot, step) -> {}, 0, 5)) {
      long[] slot = prefetch.take();
      prefetch.release(slot);
      assertThatThrownBy(() -> prefetch.release(slot))
          .hasMessage("slot: not taken (expected: one that take() gave)");
    }
  }

  @Test
  void start_noSlots_isRefused() {
    assertThatThrownBy(() -> Prefetch.start(0, () -> new long[1], (slot, step) -> {}, 0, 5))
        .hasMessage("depth, steps: 0, 5 (expected: >= 1, >= 0)");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
