package org.distill4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.distill4j.results.Results;
import org.distill4j.storage.Failpoint;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A whole run that is killed on the way and run again: it ends with the same bytes. */
class KilledRunTest {
  @TempDir Path folder;

  private int children;

  /** Runs a child to its end, wherever that is, and gives its exit code. */
  private int run(Path run, String failpoint, String... overrides) throws Exception {
    Path own = folder.resolve("child" + children++);
    Process child = ChildRun.start(run, own, failpoint, overrides);
    int code = child.waitFor();
    assertThat(code)
        .as("%s%n%s", failpoint, String.join("\n", ChildRun.printed(own)))
        .isIn(0, Failpoint.EXIT_CODE);
    ChildRun.delete(own);
    return code;
  }

  private void assertWhole(Path run, Map<String, String> expected) throws IOException {
    assertThat(ChildRun.result(run)).isEqualTo(expected);
    assertThat(Results.read(run.resolve("results.json")).models()).hasSize(3);
    assertThat(run.resolve("report.html")).isNotEmptyFile();
  }

  /** The step's files are taken for what was made, whatever lay beside them when it was resumed. */
  private static void assertNothingIsMadeAnew(Path run) {
    assertThat(ChildRun.here(run).stages()).allMatch(Results.Stage::reused);
  }

  @Test
  void run_killedAgainAndAgain_endsWithTheSameBytes() throws Exception {
    Path whole = folder.resolve("whole");
    ChildRun.here(whole);
    Path killed = folder.resolve("killed");
    for (String failpoint :
        List.of(
            "checkpoint-half:2", // of the teacher: half a file lies beside the first epoch's
            "teacher-made",
            "labels-renamed",
            "checkpoint-renamed:2", // of the lone student, with the best epoch in it
            "results-written")) {
      assertThat(run(killed, failpoint)).as(failpoint).isEqualTo(Failpoint.EXIT_CODE);
      assertThat(killed.resolve("results.json")).doesNotExist();
    }
    ChildRun.here(killed);
    assertWhole(killed, ChildRun.result(whole));
    assertNothingIsMadeAnew(killed);
  }

  @Test
  void searchOverSeeds_killedAgainAndAgain_endsWithTheSameBytesAndTheSameChoice() throws Exception {
    String[] more = {"seeds=2", "search={temperature: [2, 5]}"};
    Path whole = folder.resolve("whole");
    ChildRun.here(whole, more);
    Path killed = folder.resolve("killed");
    for (String failpoint :
        List.of(
            "checkpoint-half:6", // of the first trial
            "trial-t2-made", // before its folder says so
            "trial-t5-made",
            "student-made", // the trial that did best, copied
            "student-seed-4-made",
            "results-written")) {
      assertThat(run(killed, failpoint, more)).as(failpoint).isEqualTo(Failpoint.EXIT_CODE);
      assertThat(killed.resolve("results.json")).doesNotExist();
    }
    ChildRun.here(killed, more);
    assertThat(ChildRun.result(killed)).isEqualTo(ChildRun.result(whole));
    Results expected = Results.read(whole.resolve("results.json"));
    Results resumed = Results.read(killed.resolve("results.json"));
    assertThat(resumed.search()).isEqualTo(expected.search());
    assertThat(resumed.comparisons()).isEqualTo(expected.comparisons());
    assertThat(resumed.model("student").orElseThrow().seeds()).hasSize(2);
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> run_killedAtAnyFailpoint_endsWithTheSameBytes() throws Exception {
    Path whole = folder.resolve("whole");
    Path own = folder.resolve("own");
    assertThat(ChildRun.start(whole, own, "?").waitFor()).isZero();
    Map<String, String> expected = ChildRun.result(whole);
    List<String> places = new ArrayList<>();
    Map<String, Integer> visits = new HashMap<>();
    for (String line : ChildRun.printed(own)) {
      if (line.startsWith("failpoint ")) {
        String name = line.substring("failpoint ".length());
        places.add(name + ":" + visits.merge(name, 1, Integer::sum));
      }
    }
    assertThat(visits.keySet())
        .contains("unpack-written", "recipe-synced", "stage-key-renamed", "checkpoint-half")
        .contains("labels-chunk-half", "labels-sums-synced", "model-written", "stage-renamed")
        .contains("teacher-made", "student-made", "report-renamed", "results-written");
    return places.stream()
        .map(place -> DynamicTest.dynamicTest(place, () -> assertResumes(place, expected)));
  }

  private void assertResumes(String failpoint, Map<String, String> expected) throws Exception {
    Path killed = folder.resolve("killed");
    assertThat(run(killed, failpoint)).isEqualTo(Failpoint.EXIT_CODE);
    ChildRun.here(killed);
    assertWhole(killed, expected);
    assertNothingIsMadeAnew(killed);
    ChildRun.delete(killed);
  }

  @Test
  @Tag("slow")
  void run_killedAtRandom_endsWithTheSameBytes() throws Exception {
    Path whole = folder.resolve("whole");
    long start = System.nanoTime();
    assertThat(run(whole, "")).isZero();
    long nanos = System.nanoTime() - start;
    Map<String, String> expected = ChildRun.result(whole);
    long seed = 11;
    SplittableRandom random = new SplittableRandom(seed);
    for (int kill = 0; kill < 5; kill++) {
      Path killed = folder.resolve("killed" + kill);
      Path own = folder.resolve("own" + kill);
      long after = random.nextLong(nanos);
      Process child = ChildRun.start(killed, own, "");
      boolean ended = child.waitFor(after, TimeUnit.NANOSECONDS);
      child.destroyForcibly().waitFor(); // SIGKILL
      System.out.printf(
          "seed %d, kill %d after %.2f s: %s%n",
          seed, kill, after / 1e9, ended ? "too late" : stages(killed));
      ChildRun.here(killed);
      assertWhole(killed, expected);
      assertNothingIsMadeAnew(killed);
    }
  }

  private static List<String> stages(Path run) throws IOException {
    List<String> there = new ArrayList<>();
    for (String stage : List.of("teacher", "labels", "student-alone", "student")) {
      if (Files.exists(run.resolve(stage).resolve("stage.json"))) {
        there.add(stage);
      } else if (Files.exists(run.resolve(stage))) {
        there.add(stage + " begun");
      }
    }
    return there;
  }
}
