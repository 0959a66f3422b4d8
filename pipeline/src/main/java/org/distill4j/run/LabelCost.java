package org.distill4j.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.distill4j.data.Dataset;
import org.distill4j.fault.InputFault;
import org.distill4j.recipe.LabelFormat;
import org.distill4j.recipe.LabelSource;
import org.distill4j.recipe.Recipe;
import org.distill4j.step.LabelStage;

/**
 * What each way of asking the teacher costs.
 *
 * @param train what it is asked about
 * @param once seconds to ask it about every example once, on all threads
 * @param student seconds to train the student, on all threads
 */
record LabelCost(Recipe recipe, Dataset train, double once, double student) {
  private LabelSource source() {
    return recipe.distill().labels();
  }

  /** On disk. */
  long bytes() {
    return bytes(source());
  }

  private long bytes(LabelSource labels) {
    return labels.bytes(train);
  }

  /** What asking adds to a run whose student would take its time anyway. */
  double seconds() {
    return source() instanceof LabelSource.Online ? beside() : source().files() * once;
  }

  /** Both share the processors: what one leaves idle the other takes. */
  private double beside() {
    return epochs() * once;
  }

  private int epochs() {
    return recipe.student().train().epochs();
  }

  /** The recipe's way, and below it what the others would cost. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("labels: " + chosen());
    List<String> others = new ArrayList<>();
    if (!(source() instanceof LabelSource.Cached)) {
      others.add(
          String.format(
              Locale.ROOT, "cached %,d bytes, %s", bytes(LabelSource.cached()), minutes(once)));
    }
    if (!(source() instanceof LabelSource.Views)) {
      LabelSource.Views one = new LabelSource.Views(1, LabelFormat.FLOAT16);
      others.add(String.format(Locale.ROOT, "views %,d bytes, %s each", bytes(one), minutes(once)));
    }
    if (!(source() instanceof LabelSource.Online)) {
      others.add("online 0 bytes, " + minutes(beside()) + " beside the student");
    }
    lines.add("  other ways: " + String.join("; ", others));
    return lines;
  }

  private String chosen() {
    if (source() instanceof LabelSource.Online) {
      return String.format(
          Locale.ROOT,
          "online, %,d x %d logits in each of %d epochs by ONNX Runtime on %d threads, 0 bytes, %s beside the student's %s",
          train.size(),
          train.classes().size(),
          epochs(),
          recipe.threadsHere(),
          minutes(beside()),
          minutes(student));
    }
    boolean views = source() instanceof LabelSource.Views;
    return String.format(
        Locale.ROOT,
        "%s%,d x %d logits as %s, %,d bytes, by ONNX Runtime on %d threads, %s",
        views ? source().files() + " views of " : "",
        train.size(),
        train.classes().size(),
        source().type(train.task()),
        bytes(),
        recipe.threadsHere(),
        minutes(source().files() * once));
  }

  private static String minutes(double seconds) {
    return String.format(
        Locale.ROOT, "%d:%02d min", Math.round(seconds) / 60, Math.round(seconds) % 60);
  }

  /**
   * Refuses several files of labels that the disk cannot hold, before a teacher is trained for
   * them.
   *
   * @param folder the run's, which need not be there yet
   * @throws InputFault if there is no room for what is not there yet
   */
  static void requireRoom(Recipe recipe, Dataset train, Path folder) {
    LabelSource labels = recipe.distill().labels();
    long chains = recipe.seeds().areChains() ? recipe.seeds().count() : 1;
    long files = chains * labels.files();
    long bytes = Math.multiplyExact(chains, labels.bytes(train));
    if (!recipe.distill().objective().needsTeacher() || files < 2) {
      return; // one file the labeller itself has room for, or says so
    }
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    try {
      long room = Files.getFileStore(there).getUsableSpace() + LabelStage.bytesThere(folder);
      if (bytes > room) {
        throw new InputFault(
            String.format(
                Locale.ROOT,
                "distill.labels: %,d files of %,d x %d logits, %,d bytes (expected: at most the %,d that %s has room for); take fewer views, labels: online, or another folder",
                files,
                train.size(),
                train.classes().size(),
                bytes,
                room,
                there));
      }
    } catch (IOException e) {
      return; // a file system that does not tell; the labeller will find out
    }
  }
}
