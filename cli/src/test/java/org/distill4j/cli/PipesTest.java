package org.distill4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.distill4j.Seeds;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files that come through pipes and descriptors. */
@EnabledOnOs(OS.LINUX)
class PipesTest {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int PIXELS = 64;

  @TempDir private Path folder;
  private Path model;
  private Path rows;

  @BeforeEach
  void write() throws IOException {
    model = TinyRun.model(folder.resolve("model.onnx"), 10);
    Random random = new Random(Seeds.of(11));
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 40; row++) {
      for (int i = 0; i < PIXELS; i++) {
        text.append(random.nextInt(17)).append(',');
      }
      text.append(row % 10).append('\n');
    }
    rows = Files.writeString(folder.resolve("rows.csv"), text);
  }

  /** A pipe that gives the bytes of a file once. */
  private Path pipe(String name, Path file) throws Exception {
    Path pipe = folder.resolve(name);
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Thread writer =
        new Thread(
            () -> {
              try (var out = Files.newOutputStream(pipe)) { // waits for who reads it
                Files.copy(file, out);
              } catch (IOException e) {
                System.out.println(pipe + ": " + e); // it was read in part
              }
            });
    writer.setDaemon(true);
    writer.start();
    return pipe;
  }

  /** What the system calls an open file, as a shell does who redirects it. */
  private static Path descriptor(Path file) throws IOException {
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.filter(d -> isOf(d, file)).findFirst().orElseThrow();
    }
  }

  private static boolean isOf(Path descriptor, Path file) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  private static String said(String... arguments) throws IOException {
    Spoken spoken = Spoken.of(arguments);
    assertThat(spoken.exitCode()).as(spoken.err()).isZero();
    return new ObjectMapper().readTree(spoken.out()).path("rows").toString();
  }

  @Test
  void data_throughAPipe_areRowsOfTextWhateverItIsCalled() throws Exception {
    String[] asked = {"predict", model + "", "--json", "--split", "train", "--data", rows + ""};
    String right = said(asked);
    assertThat(right).hasSizeGreaterThan(100);
    for (String name : new String[] {"data", "data.csv", "63"}) {
      asked[asked.length - 1] = pipe(name, rows).toString();
      assertThat(said(asked)).as(name).isEqualTo(right);
    }
  }

  @Test
  void data_throughAPipe_areReadByPartsAsOftenAsACommandNeedsThem() throws Exception {
    StringBuilder labelled = new StringBuilder(); // with what the model answers
    int row = 0;
    for (JsonNode answered :
        new ObjectMapper()
            .readTree(Spoken.of("predict", model + "", "--json", "--input", rows + "").out())
            .path("rows")) {
      String pixels = Files.readAllLines(rows).get(row++).replaceFirst(",\\d+$", ",");
      labelled.append(pixels).append(answered.path("answers").path(0).path("label").asText());
      labelled.append('\n');
    }
    Files.writeString(rows, labelled);
    Path out = folder.resolve("out");
    Spoken export =
        Spoken.of(
            "export",
            model + "",
            "--to",
            "onnx",
            "--out",
            out + "",
            "--data",
            pipe("d", rows) + "");
    assertThat(export.exitCode()).as(export.err()).isZero();
  }

  @Test
  void input_redirected_isReadAsTheFileIs() throws Exception {
    Path real = rows.toRealPath();
    try (FileInputStream open = new FileInputStream(real.toFile())) {
      assertThat(open.getFD().valid()).isTrue();
      Path descriptor = descriptor(real);
      for (String option : new String[] {"--input", "--data"}) {
        assertThat(said("predict", model + "", "--json", option, descriptor + ""))
            .isEqualTo(said("predict", model + "", "--json", option, rows + ""));
      }
    }
  }

  @Test
  void plan_recipeFromADescriptor_resolvesItsPathsAgainstTheWorkingFolder() throws Exception {
    Path here = Path.of("").toAbsolutePath();
    String text =
        Files.readString(TinyRun.recipe(folder, "labelled: 300", "labelled: 20"))
            .replace("data: digits", "data: {path: " + here.relativize(rows.toRealPath()) + "}");
    Path recipe = Files.writeString(folder.resolve("r.yaml"), text).toRealPath();
    try (FileInputStream open = new FileInputStream(recipe.toFile())) {
      assertThat(open.getFD().valid()).isTrue();
      Spoken plan = Spoken.of("plan", descriptor(recipe).toString());
      assertThat(plan.exitCode()).as(plan.err()).isZero();
      assertThat(plan.out()).contains("tiny");
    }
  }

  @Test
  void input_thatCannotBeKept_isAFailureAndNoWrongRequest() throws Exception {
    Path socket = folder.resolve("socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket)); // cannot be opened as a file
      for (String[] asked :
          new String[][] {
            {"inspect", socket + ""},
            {"predict", model + "", "--input", socket + ""},
            {"predict", model + "", "--data", socket + ""}
          }) {
        Spoken said = Spoken.of(asked);
        assertThat(said.exitCode()).as(said.err()).isEqualTo(1);
        assertThat(said.err()).startsWith(socket + ": cannot be read: ").hasLineCount(1);
      }
    }
  }
}
