package org.distill4j.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.junit.jupiter.api.Test;

class UnwrappedTest {
  private static final Binding<Parted> PARTED = new Binding<>(Parted.class);
  private static final Binding<Flat> FLAT = new Binding<>(Flat.class);

  @Describe("a garden")
  @KeyOrder({"name", "width", "trees", "length", "shade"})
  record Parted(@Default("plot") String name, @Unwrapped Ground ground, @Unwrapped Plants plants) {}

  record Ground(@Describe("metres, > 0") double width, @Default("2") double length) {
    Ground {
      if (!(width > 0)) {
        throw new IllegalArgumentException("width: " + width + " (expected: > 0)");
      }
    }

    @InsteadOf({"width", "length"})
    static List<Double> side(double side) {
      return List.of(side, side);
    }
  }

  record Plants(@Default("[]") List<String> trees, Optional<Double> shade) {
    Plants {
      if (shade.isPresent() && trees.isEmpty()) {
        throw new IllegalArgumentException("shade, trees: given, none (expected: a tree)");
      }
    }
  }

  /** The same words in one record. */
  @Describe("a garden")
  record Flat(
      @Default("plot") String name,
      @Describe("metres, > 0") double width,
      @Default("[]") List<String> trees,
      @Default("2") double length,
      Optional<Double> shade) {
    @InsteadOf({"width", "length"})
    static List<Double> side(double side) {
      return List.of(side, side);
    }
  }

  private static <T extends Record> T parse(Binding<T> binding, String yaml, String... options) {
    return binding.parse(yaml, "g.yaml", Path.of("/"), List.of(options));
  }

  private static List<String> faults(String yaml, String... options) {
    return catchThrowableOfType(InputFault.class, () -> parse(PARTED, yaml, options)).lines();
  }

  @Test
  void parse_wordsOfSeveralRecords_standSideBySide() {
    assertThat(parse(PARTED, "{trees: [elm], width: 3, shade: 0.5}"))
        .isEqualTo(
            new Parted("plot", new Ground(3, 2), new Plants(List.of("elm"), Optional.of(0.5))));
    assertThat(parse(PARTED, "{side: 4}").ground()).isEqualTo(new Ground(4, 4));
    assertThat(parse(PARTED, "{width: 3}", "length=7").ground()).isEqualTo(new Ground(3, 7));
  }

  @Test
  void write_andSchema_areThoseOfOneRecord() {
    String yaml = "{width: 3, trees: [elm]}";
    assertThat(PARTED.write(parse(PARTED, yaml))).isEqualTo(FLAT.write(parse(FLAT, yaml)));
    assertThat(PARTED.schema("a garden")).isEqualTo(FLAT.schema("a garden"));
  }

  @Test
  void parse_faultsOfSeveralRecords_areToldWithTheirKeys() {
    assertThat(faults("name: a\nwidth: 0\nshade: 0.5\nlenght: 3\n"))
        .containsExactly(
            "g.yaml:2 width: 0.0 (expected: > 0)",
            "g.yaml:3 shade, trees: given, none (expected: a tree)",
            "g.yaml:4 lenght: unknown key (did you mean 'length'?)");
    assertThat(faults("{ground: {width: 3}}"))
        .anyMatch(line -> line.startsWith("g.yaml:1 ground: unknown key"));
    assertThat(faults("{width: 3}", "width=-1"))
        .containsExactly("--set width=-1: -1.0 (expected: > 0)");
  }

  record Twice(double width, @Unwrapped Ground ground) {}

  @KeyOrder({"name", "width"})
  record Forgetful(String name, @Unwrapped Ground ground) {}

  record NoRecord(@Unwrapped String name) {}

  @Test
  void binding_recordWhoseKeysAreNotClear_isRefused() {
    assertThatThrownBy(() -> new Binding<>(Twice.class))
        .hasMessageEndingWith("'width' twice (expected: names that no unwrapped record shares)");
    assertThatThrownBy(() -> new Binding<>(Forgetful.class))
        .hasMessageEndingWith(
            "key order [name, width] (expected: each of [name, width, length] once)");
    assertThatThrownBy(() -> new Binding<>(NoRecord.class))
        .hasMessageEndingWith("(expected: a record without a default)");
  }
}
