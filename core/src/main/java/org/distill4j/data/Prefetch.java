package org.distill4j.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.distill4j.fault.RunFault;

/**
 * Prefetching of batches: the next ones are prepared on another thread while this one works on the
 * last, in a ring of reusable slots, filled ahead and handed out in the order of the steps.
 *
 * <pre>{@code
 * try (Prefetch<Batch> batches = Prefetch.start(3, Batch::new, this::fill, firstStep, steps)) {
 *   for (long step = 0; step < steps; step++) {
 *     Batch batch = batches.take();
 *     train(batch);
 *     batches.release(batch);
 *   }
 * }
 * }</pre>
 *
 * @param <T> a slot: a batch's arrays, written over and over
 */
public final class Prefetch<T> implements AutoCloseable {
  /** Prepares one step. */
  @FunctionalInterface
  public interface Filler<T> {
    /** Writes what the step needs into the slot, over what is there; runs on the other thread. */
    void fill(T slot, long step);
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();
  private final Condition filled = lock.newCondition();
  private final Deque<T> free = new ArrayDeque<>();
  private final Deque<T> ready = new ArrayDeque<>();
  private final Set<T> taken = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<T> slots = new ArrayList<>();
  private final Filler<T> filler;
  private final long firstStep;
  private final long endStep;
  private final Thread thread;
  private Throwable failure;
  private boolean done;
  private boolean closed;
  private long waitedNanos;

  private Prefetch(int depth, Supplier<T> slot, Filler<T> filler, long firstStep, long steps) {
    this.filler = filler;
    this.firstStep = firstStep;
    this.endStep = Math.addExact(firstStep, steps);
    for (int i = 0; i < depth; i++) {
      slots.add(slot.get());
    }
    free.addAll(slots);
    this.thread = new Thread(this::run, "distill4j-prefetch");
    thread.setDaemon(true);
  }

  /**
   * Starts filling.
   *
   * @param depth how many slots there are, at least 1; with 2 or more the next is filled while one
   *     is in use
   * @param slot makes one; called {@code depth} times, on the caller's thread
   * @param filler called for {@code firstStep}, {@code firstStep + 1}, ... on one other thread
   * @param steps how many steps there are, at least 0
   */
  public static <T> Prefetch<T> start(
      int depth, Supplier<T> slot, Filler<T> filler, long firstStep, long steps) {
    if (depth < 1 || steps < 0) {
      throw new IllegalArgumentException(
          "depth, steps: %s, %s (expected: >= 1, >= 0)".formatted(depth, steps));
    }
    Prefetch<T> prefetch = new Prefetch<>(depth, slot, filler, firstStep, steps);
    prefetch.thread.start();
    return prefetch;
  }

  /**
   * The slot of the next step, waiting for it if need be. It stays the caller's until {@link
   * #release}.
   *
   * @throws NoSuchElementException after the last step
   * @throws RunFault if the thread is interrupted while it waits; it stays interrupted
   * @throws RuntimeException what the filler threw, once the steps before it are taken
   */
  public T take() {
    lock.lock();
    try {
      if (ready.isEmpty() && !done && !closed) {
        if (taken.size() == slots.size()) {
          throw new IllegalStateException(
              "prefetch: all " + slots.size() + " slots are taken (expected: release one first)");
        }
        long start = System.nanoTime();
        while (ready.isEmpty() && !done && !closed) {
          filled.await();
        }
        waitedNanos += System.nanoTime() - start;
      }
      if (closed) {
        throw new IllegalStateException("prefetch: closed (expected: open)");
      }
      if (ready.isEmpty()) {
        throw ended();
      }
      T slot = ready.remove();
      taken.add(slot);
      return slot;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunFault("prefetch: interrupted while waiting for the next batch", e);
    } finally {
      lock.unlock();
    }
  }

  /** Gives a slot back to be filled again. */
  public void release(T slot) {
    lock.lock();
    try {
      if (!taken.remove(slot)) {
        throw new IllegalArgumentException("slot: not taken (expected: one that take() gave)");
      }
      free.add(slot);
      freed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** How long {@link #take} has waited in all, in nanoseconds: high when the data are slow. */
  public long waitedNanos() {
    lock.lock();
    try {
      return waitedNanos;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Stops the other thread and waits until it has ended, at the latest when the fill under way is
   * done; then closes the slots that are {@link AutoCloseable}. The thread is not interrupted: that
   * would close a file channel it reads.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      freed.signalAll();
      filled.signalAll();
    } finally {
      lock.unlock();
    }
    joinUninterruptibly();
    closeSlots();
  }

  private void run() {
    Throwable thrown = null;
    try {
      for (long step = firstStep; step < endStep; step++) {
        T slot = awaitFree();
        if (slot == null) {
          return;
        }
        filler.fill(slot, step);
        hand(slot);
      }
    } catch (RuntimeException | Error e) {
      thrown = e;
    } finally {
      end(thrown);
    }
  }

  /** A slot to fill, or null once closed. */
  private T awaitFree() {
    lock.lock();
    try {
      while (free.isEmpty() && !closed) {
        freed.awaitUninterruptibly();
      }
      return closed ? null : free.remove();
    } finally {
      lock.unlock();
    }
  }

  private void hand(T slot) {
    lock.lock();
    try {
      ready.add(slot);
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  private void end(Throwable thrown) {
    lock.lock();
    try {
      failure = thrown;
      done = true;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private RuntimeException ended() {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException thrown) {
      return thrown;
    }
    return new NoSuchElementException(
        "prefetch: no step " + endStep + " (expected: a step before it)");
  }

  private void joinUninterruptibly() {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeSlots() {
    for (T slot : slots) {
      if (slot instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new IllegalStateException("prefetch: a slot cannot be closed: " + e, e);
        }
      }
    }
  }
}
