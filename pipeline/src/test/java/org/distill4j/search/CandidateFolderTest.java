package org.distill4j.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.distill4j.Seeds;
import org.distill4j.graph.Graph;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CandidateFolderTest {
  private static final Graph MODEL = new Mlp(List.of(3), 0).build(Shape.of(1, 2, 2), 2, 1);

  @TempDir Path folder;

  private final SplittableRandom random = new SplittableRandom(Seeds.of(7));

  private Candidate candidate(String file, long bytes, String sha256) {
    double accuracy = random.nextInt(1000) / 1000.0; // no digits beyond what a double tells apart
    double p50 = random.nextInt(1000) / 1000.0;
    double drop = random.nextInt(1000) / 1000.0; // without an exponent: e and E are the same
    return new Candidate(
        "float", "", file, "k", bytes, sha256, 17, 30, 0, accuracy, drop, 1, p50, "", List.of(), 32,
        List.of(), 0, null, null);
  }

  @Test
  void open_listOfWhichABitWasFlipped_doesNotHaveTheCandidate() throws IOException {
    CandidateFolder.open(folder).candidate("float", "k", MODEL, this::candidate);
    assertThat(CandidateFolder.open(folder).has("float", "k")).isTrue();
    Path list = folder.resolve("candidates.json");
    byte[] bytes = Files.readAllBytes(list);
    for (int at = 0; at < bytes.length; at++) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(list, flipped);
      assertThat(CandidateFolder.open(folder).has("float", "k"))
          .as("%s", new String(flipped, java.nio.charset.StandardCharsets.ISO_8859_1))
          .isFalse();
    }
  }

  @Test
  void open_listOfAnEarlierVersion_hasItsCandidates() throws IOException {
    Candidate made = CandidateFolder.open(folder).candidate("float", "k", MODEL, this::candidate);
    Path list = folder.resolve("candidates.json");
    String text = Files.readString(list);
    String before = text.replaceAll(",\\s*\"digest\" : \"[0-9a-f]{64}\"", "");
    assertThat(before).isNotEqualTo(text);
    Files.writeString(list, before);
    assertThat(CandidateFolder.open(folder).get("float")).isEqualTo(made);
  }
}
