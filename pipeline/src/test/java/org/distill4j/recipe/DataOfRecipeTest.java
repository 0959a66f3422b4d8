package org.distill4j.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.data.source.DataLocations;
import org.distill4j.data.source.DataSettings;
import org.distill4j.fault.InputFault;
import org.distill4j.progress.ProgressListener;
import org.distill4j.settings.Binding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The words below {@code data}, and the digests of what they open, as they have always been. */
class DataOfRecipeTest {
  private static final Binding<DataSettings> BINDING = new Binding<>(DataSettings.class);

  @TempDir Path folder;

  private DataSettings parse(String yaml) {
    return BINDING.parse(yaml, "data.yaml", folder, List.of());
  }

  private Splits open(String yaml) {
    DataLocations places = new DataLocations(Optional.empty(), folder.resolve("cache"), true);
    return new DataCatalog(places, ProgressListener.NONE).open(parse(yaml));
  }

  private List<String> faults(String yaml) {
    return catchThrowableOfType(InputFault.class, () -> parse(yaml)).lines();
  }

  /** Forty rows of two numbers, a word and a class. */
  private void csv() throws IOException {
    StringBuilder text = new StringBuilder("a,b,word,y\n");
    for (int i = 0; i < 40; i++) {
      text.append(i).append(',').append(i * i % 7).append(i % 2 == 0 ? ",x," : ",z,");
      text.append(i % 3).append('\n');
    }
    Files.writeString(folder.resolve("rows.csv"), text);
    Files.writeString(folder.resolve("numbers.csv"), "1,2,3,4,0\n5,6,7,8,1\n".repeat(20));
  }

  @Test
  void open_dataThatComeAlong_haveTheirDigests() {
    assertThat(open("fashion-mini").sha256())
        .isEqualTo("b14bd76f509ce5107d019ab95a539f58f6caa5ff193c13659a9cf8728359e501");
    assertThat(open("{name: digits, validation: 100}").sha256())
        .isEqualTo("0d1986b29474fbec559ca9f70a9609a74793ac78fbe62b19cc435b989543f85e");
  }

  @Test
  void open_ownNumbers_haveTheirDigests() throws IOException {
    csv();
    assertThat(open("{path: numbers.csv, shape: [1, 2, 2], scale: 0.5}").sha256())
        .isEqualTo("5d43ab69bcb316d673fbaca89d112375889473b5e6da3a5335d70918a3ceeccc");
    Splits drawn =
        open(
            "{name: mine, path: numbers.csv, validation: 7, test: 5, seed: 3, classes: [no, yes],"
                + " label: 5, shuffle: 4, class-weights: balanced}");
    assertThat(drawn.sha256())
        .isEqualTo("cbaa4c585f24de2dd526d56d08b0f591fe5b49ddb1b8ae71cc78225e7226b5cb");
    assertThat(drawn.train().size()).isEqualTo(28);
  }

  @Test
  void open_ownTable_hasItsDigest() throws IOException {
    csv();
    assertThat(open("{path: rows.csv, label: y, cache: memory}").sha256())
        .isEqualTo("ee9b1840c12de55a42518f2c535cb80fd5aef588a7693fbc16b1c0def6f75d08");
    assertThat(open("{path: rows.csv, labels: [a, y], task: regression, seed: 9}").sha256())
        .isEqualTo("18ec17f354642707e4c3b97972598ffc7862621d7e1d438c1efb9fc66e61ffd2");
  }

  @Test
  void write_everyWord_keepsTheirOrder() {
    String yaml =
        """
        name: mine
        path: /data/mine
        validation: 7
        test: 5
        seed: 3
        classes: [no, yes]
        shape: [1, 2, 2]
        scale: 0.5
        task: multi-label
        labels: [a, b]
        table:
          header: []
          missing: ["?"]
          categorical: []
          ignored: []
          log: []
          scaling: standard
          categories: 100
          dates: []
        images:
          fit: stretch
          unreadable: 0
        records:
          label: label
        cache: none
        shuffle: 4
        class-weights:
          balanced: {}
        """;
    assertThat(BINDING.write(parse(yaml))).isEqualTo(yaml);
    assertThat(BINDING.write(parse("{name: beans, dir: /data, label: y}")))
        .isEqualTo("name: beans\ndir: /data\nseed: 1\nclasses: []\nlabel: y\nshape: []\n");
  }

  @Test
  void parse_severalFaults_areToldWithTheirKeys() {
    assertThat(
            faults(
                """
                name: a
                validation: 0
                test: many
                shape: [0]
                sede: 4
                scale: 0
                label: x
                labels: [y]
                shuffle: 1
                """))
        .containsExactly(
            "data.yaml:2 validation: 0 (expected: >= 1)",
            "data.yaml:3 test: 'many' (expected: a whole number)",
            "data.yaml:4 shape: [0] (expected: each > 0)",
            "data.yaml:5 sede: unknown key (did you mean 'seed'?)",
            "data.yaml:6 scale: 0.0 (expected: finite, not 0)",
            "data.yaml:7 label, labels: x, [y] (expected: one of them, at least one column)",
            "data.yaml:9 shuffle: 1 (expected: >= 2)");
    assertThat(faults("{seed: 4}"))
        .containsExactly("data.yaml:1 name: absent (expected: a name or a path)");
    assertThat(faults("{name: a/b, shape: [0]}"))
        .containsExactly(
            "data.yaml:1 name: a/b (expected: letters, digits, '.', '_', '-'; files go by path)");
    assertThat(faults("{path: a.csv, dir: b, shape: [0]}"))
        .containsExactly(
            "data.yaml:1 dir: " + folder.resolve("b") + " (expected: absent beside path)",
            "data.yaml:1 shape: [0] (expected: each > 0)");
  }
}
