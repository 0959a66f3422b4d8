package org.distill4j.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.distill4j.Seeds;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.distill.Trainer;
import org.distill4j.engine.TrainSettings;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.graph.Graph;
import org.distill4j.progress.Notes;
import org.distill4j.quantize.Preference;
import org.distill4j.quantize.ptq.RangeMode;
import org.distill4j.quantize.ptq.TargetMachine;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One search at a time works in a folder. */
class SearchLockTest {
  @TempDir private static Path folder;
  private static Splits data;
  private static Graph model;

  @BeforeAll
  static void train() {
    data = DataCatalog.here().open("digits");
    Graph net = new Mlp(List.of(16), 0).build(data.shape(), 10, Seeds.of(33));
    model = Trainer.of(net, data).settings(TrainSettings.epochs(6)).threads(1).train().model();
  }

  private static void search(String out, Consumer<SearchState> heard) {
    CompressionSearch.in(
        model,
        data,
        new Limits(.5, Duration.ofMillis(1), 64, false),
        new CompressSettings(TargetMachine.BROWSER, RangeMode.STATIC, Preference.BYTES),
        folder.resolve(out),
        1,
        new Notes(),
        heard);
  }

  @Test
  void search_inAFolderThatAnotherSearchWorksIn_isRefusedUntilThatEnds() {
    List<String> said = new ArrayList<>();
    search(
        "both",
        soFar ->
            assertThatThrownBy(() -> search("both", other -> {}))
                .isInstanceOf(RunFault.class)
                .satisfies(e -> said.add(e.getMessage())));
    assertThat(said)
        .isNotEmpty()
        .containsOnly(
            folder.resolve("both")
                + ": another process is working in it (expected: one at a time); wait for it or"
                + " give another --out");
    search("both", soFar -> {});
    Consumer<SearchState> dies =
        soFar -> {
          throw new IllegalStateException("power failure");
        };
    assertThatThrownBy(() -> search("both", dies)).hasMessage("power failure");
    search("both", soFar -> {}); // one that failed left it free
  }

  @Test
  void search_inAFile_isRefused() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    for (String out : List.of("file", "file/below")) {
      assertThatThrownBy(() -> search(out, soFar -> {}))
          .isInstanceOf(InputFault.class)
          .hasMessageContaining("give another --out");
    }
  }
}
