package org.distill4j.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.distill4j.SharedFolder;
import org.distill4j.tflite.TrialProcess.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tensorflow.lite.schema.Model;

/**
 * Damaged files end the process that is there for it, never the one that uses them: what survives
 * its trial is run again in another process, which stands for the user's.
 */
class TfliteMutationTest {
  private static final long MEMORY = 6L << 30;
  private static final int PATIENCE_SECONDS = 20;
  private static final int FEW = 64; // bytes of a shape or of axes
  private static final int[] WORDS = {0, -1, 1, 2, 255, Integer.MAX_VALUE, Integer.MIN_VALUE};

  private final SplittableRandom random = new SplittableRandom(Seeds.of(17));
  private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
  private TrialProcess trial;
  private TrialProcess user;

  /** The smallest first. */
  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(SharedFolder.require("models"))) {
      return all.filter(f -> f.toString().endsWith(".tflite"))
          .sorted(Comparator.comparing((Path f) -> f.toFile().length()).thenComparing(f -> f))
          .toList();
    }
  }

  @Test
  void open_damagedFiles_neverEndTheUsersProcess() throws IOException {
    List<Path> files = files();
    for (int i = 0; i < 200; i++) {
      int among = 1 + random.nextInt(files.size()); // small ones more often
      tryOne(Files.readAllBytes(files.get(random.nextInt(among))));
    }
    System.out.println("damaged TFLite files: " + outcomes);
    assertThat(outcomes.get(Outcome.RAN)).isGreaterThan(20);
    assertThat(outcomes.get(Outcome.REFUSED)).isGreaterThan(20);
  }

  @Test
  @Tag("slow")
  void open_twoThousandDamagedCopiesOfEachFile_neverEndTheUsersProcess() throws IOException {
    for (Path file : files()) {
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 0; i < Integer.getInteger("test.mutations", 2000); i++) {
        tryOne(bytes);
      }
      System.out.println(file + ": " + outcomes);
      outcomes.clear();
    }
  }

  private void tryOne(byte[] file) throws IOException {
    byte[] damaged = mutated(file);
    trial = trial == null ? TrialProcess.start(MEMORY) : trial;
    Outcome outcome = trial.of(ByteBuffer.wrap(damaged), PATIENCE_SECONDS, TimeUnit.SECONDS);
    outcomes.merge(outcome, 1, Integer::sum);
    if (isGone(outcome)) {
      trial.close();
      trial = null;
      return;
    }
    user = user == null ? TrialProcess.start(MEMORY) : user;
    Outcome again = user.of(ByteBuffer.wrap(damaged), PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (again == Outcome.DIED) {
      Files.write(Path.of(System.getProperty("java.io.tmpdir"), "killer.tflite"), damaged);
    }
    if (isGone(again)) {
      user.close();
      user = null;
    }
    // What reads beyond its numbers may run here and be refused there, or take longer.
    assertThat(again).isNotEqualTo(Outcome.DIED);
  }

  private static boolean isGone(Outcome outcome) {
    return outcome != Outcome.RAN && outcome != Outcome.REFUSED;
  }

  /** One to three bytes, or a whole number; nine times of ten none of the weights. */
  private byte[] mutated(byte[] file) {
    byte[] mutated = file.clone();
    BitSet weights = weights(file);
    boolean isByte = random.nextBoolean();
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      int at = random.nextInt(file.length / 4) * 4;
      while (weights.get(at) && random.nextInt(100) > 0) {
        at = random.nextInt(file.length / 4) * 4;
      }
      if (isByte) {
        mutated[at + random.nextInt(4)] ^= (byte) (1 << random.nextInt(8));
      } else {
        int word = WORDS[random.nextInt(WORDS.length)];
        ByteBuffer.wrap(mutated).order(ByteOrder.LITTLE_ENDIAN).putInt(at, word);
      }
    }
    return mutated;
  }

  /** Which bytes are numbers of the weights, that no kernel indexes with. */
  private static BitSet weights(byte[] file) {
    BitSet weights = new BitSet(file.length);
    Model model = Model.getRootAsModel(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
    for (int i = 0; i < model.buffersLength(); i++) {
      ByteBuffer data = model.buffers(i).dataAsByteBuffer();
      if (data != null && data.remaining() > FEW) {
        weights.set(data.position(), data.limit());
      }
    }
    return weights;
  }

  @AfterEach
  void endProcesses() {
    Stream.of(trial, user).filter(p -> p != null).forEach(TrialProcess::close);
  }
}
