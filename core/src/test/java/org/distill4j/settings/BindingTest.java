package org.distill4j.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.distill4j.fault.InputFault;
import org.distill4j.settings.Kitchen.Cook;
import org.distill4j.settings.Kitchen.Course;
import org.distill4j.settings.Kitchen.GasStove;
import org.distill4j.settings.Kitchen.Knife;
import org.distill4j.settings.Kitchen.Mix;
import org.distill4j.settings.Kitchen.Rising;
import org.distill4j.settings.Kitchen.Steady;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BindingTest {
  private static final Path FOLDER = Path.of("/recipes");
  private static final Binding<Kitchen> BINDING = new Binding<>(Kitchen.class);

  private static Kitchen parse(String yaml, String... overrides) {
    return BINDING.parse(yaml, "k.yaml", FOLDER, List.of(overrides));
  }

  private static List<String> faults(String yaml, String... overrides) {
    InputFault fault = catchThrowableOfType(InputFault.class, () -> parse(yaml, overrides));
    assertThat(fault).as("a fault in: " + yaml).isNotNull();
    return fault.lines();
  }

  @Test
  void parse_onlyWhatMustBeGiven_fillsInTheDefaults() {
    assertThat(parse("{name: home, heat: 180}"))
        .isEqualTo(
            new Kitchen(
                "home",
                1,
                4,
                true,
                Optional.empty(),
                new Knife(),
                new Steady(180, 0),
                List.of(Course.SOUP, Course.MAIN_DISH),
                List.of(),
                new Mix(0.1, 0.9, 1)));
  }

  @Test
  void parse_everyKindGiven_readsEach() {
    Kitchen kitchen =
        parse(
            """
            name: "inn"          # a comment
            seed: -9000000000
            seats: +12
            open: False
            menu: ../cards/menu.txt
            stove: {gas-stove: {max-power: 1e-1}}
            heat: {rising: {from: .5, to: 7}}
            courses: [dessert]
            cooks:
              - anna
              - {name: bert, stars: 3}
            mix: {saltiness: 0.25}
            """);
    assertThat(kitchen)
        .isEqualTo(
            new Kitchen(
                "inn",
                -9_000_000_000L,
                12,
                false,
                Optional.of(Path.of("/cards/menu.txt")),
                new GasStove(2, 0.1),
                new Rising(0.5, 7),
                List.of(Course.DESSERT),
                List.of(new Cook("anna", 0), new Cook("bert", 3)),
                new Mix(0.25, 0.75, 1)));
  }

  @Test
  void parse_numberWhereTextIsExpected_isTakenAsItIsWritten() {
    Kitchen kitchen = parse("{name: 1e3, heat: 1, menu: 2024, cooks: [007, true]}");
    assertThat(kitchen.name()).isEqualTo("1e3");
    assertThat(kitchen.menu()).contains(FOLDER.resolve("2024"));
    assertThat(kitchen.cooks()).containsExactly(new Cook("007", 0), new Cook("true", 0));
  }

  @Test
  void parse_manyFaults_tellsAllInTheOrderOfTheFile() {
    assertThat(
            faults(
                """
                name: [12]
                sead: 4
                seats: ten
                open: maybe
                menu: [a, b]
                stove: {gas-stov: {}}
                heat:
                  rising:
                    from: 99999999999999999999e999
                courses: [soup, [], desert]
                cooks:
                  - {name: bert, stars: 99999999999}
                  - {stars: "3"}
                mix:
                  sugar: -1
                  salt: -2.5
                  salt: 3
                  water:
                "seats ": 4
                """))
        .containsExactly(
            "k.yaml:1 name: a list (expected: text)",
            "k.yaml:2 sead: unknown key (did you mean 'seed'?)",
            "k.yaml:3 seats: 'ten' (expected: a whole number)",
            "k.yaml:4 open: 'maybe' (expected: true or false)",
            "k.yaml:5 menu: a list (expected: a path)",
            "k.yaml:6 stove.gas-stov: unknown name (did you mean 'gas-stove'?)",
            "k.yaml:9 heat.rising.from: 99999999999999999999e999 (expected: a number)",
            "k.yaml:9 heat.rising.to: missing (expected: a number)",
            "k.yaml:10 courses.1: a list (expected: soup, main-dish or dessert)",
            "k.yaml:10 courses.2: 'desert' (expected: soup, main-dish or dessert; did you mean"
                + " 'dessert'?)",
            "k.yaml:12 cooks.0.stars: 99999999999 (expected: a whole number from -2147483648 to"
                + " 2147483647)",
            "k.yaml:13 cooks.1.name: missing (expected: text)",
            "k.yaml:13 cooks.1.stars: \"3\" (expected: a whole number)",
            "k.yaml:15 mix.sugar: -1.0 (expected: >= 0)",
            "k.yaml:16 mix.salt: -2.5 (expected: >= 0)",
            "k.yaml:17 mix.salt: given twice (expected: once, as in line 16)",
            "k.yaml:18 mix.water: nothing (expected: a number)",
            "k.yaml:19 seats : unknown key (did you mean 'seats'?)");
  }

  @Test
  void parse_refusalOfAConstructor_standsAtTheKeyItNames() {
    assertThat(faults("name: a\nheat: 1\nstove:\n  gas-stove:\n    flames: 1\n    max-power: 0\n"))
        .containsExactly("k.yaml:6 stove.gas-stove.max-power: 0.0 (expected: > 0)");
    assertThat(faults("name: a\nheat: 1\nmix:\n  salt: 0\n  sugar: 0"))
        .containsExactly("k.yaml:4 mix.salt, sugar: 0.0, 0.0 (expected: one of them > 0)");
    assertThat(faults("name: a\nheat: 1\nseats: 1\ncooks: [a, b]"))
        .containsExactly("k.yaml:4 cooks, seats: 2, 1 (expected: a seat for each cook)");
  }

  @Test
  void parse_refusalOfSomethingDeeper_standsAtTheDeeperKey() {
    assertThat(faults("name: a\nheat: 1\nmix:\n  salt: 1\n  water: 60\n"))
        .containsExactly("k.yaml:5 mix.water: 60.0 (expected: <= 50)");
  }

  @Test
  void parse_refusalThatInvolvesAFaultyNeighbour_isNotToldTwice() {
    assertThat(faults("name: a\nheat: 1\nseats: none\ncooks: [a, b]"))
        .containsExactly("k.yaml:3 seats: 'none' (expected: a whole number)");
  }

  @Test
  void parse_shorthandThatIsRefused_namesTheKeyThatWasWritten() {
    assertThat(faults("name: a\nheat: -300"))
        .containsExactly("k.yaml:2 heat: -300.0 (expected: >= -273)");
    assertThat(faults("name: a\nheat: hot"))
        .containsExactly("k.yaml:2 heat: 'hot' (expected: a number, steady or rising)");
    assertThat(faults("name: a\nheat: 1\ncooks: [[]]"))
        .containsExactly("k.yaml:3 cooks.0: a list (expected: text or a mapping with name, stars)");
  }

  @Test
  void parse_nameOfARecordThatNeedsSettings_saysWhich() {
    assertThat(faults("name: a\nheat: 1\nstove: wood-stove"))
        .containsExactly("k.yaml:3 stove.wood-stove.logs: missing (expected: a list)");
    assertThat(faults("name: a\nheat: 1\nstove: {}"))
        .containsExactly("k.yaml:3 stove: a mapping (expected: knife, gas-stove or wood-stove)");
    assertThat(faults("name: a\nheat: 1\nstove: {knife: {}, gas-stove: {}}"))
        .containsExactly("k.yaml:3 stove: a mapping (expected: only one of knife or gas-stove)");
  }

  @Test
  void parse_keyAndWhatItStandsFor_isRefused() {
    assertThat(faults("name: a\nheat: 1\nmix: {salt: 1, saltiness: 1}"))
        .containsExactly(
            "k.yaml:3 mix.saltiness: given with salt (expected: saltiness alone, or salt and"
                + " sugar)");
    assertThat(faults("name: a\nheat: 1\nmix: {saltiness: 2}"))
        .containsExactly("k.yaml:3 mix.saltiness: 2.0 (expected: 0 to 1)");
    assertThat(faults("name: a\nheat: 1\nmix: {saltiness: [2]}"))
        .containsExactly("k.yaml:3 mix.saltiness: a list (expected: a number)");
  }

  @Test
  void parse_aliasWithinBounds_standsForItsAnchor() {
    assertThat(parse("name: &n inn\nheat: 1\ncooks: [*n, {name: *n}]").cooks())
        .containsExactly(new Cook("inn", 0), new Cook("inn", 0));
  }

  @Test
  void read_missingFileOrFolder_isOneLine(@TempDir Path folder) {
    Path absent = folder.resolve("absent.yaml");
    assertThatThrownBy(() -> BINDING.read(absent, List.of()))
        .isInstanceOf(InputFault.class)
        .hasMessage(absent + ": not found (expected: a YAML file)");
    assertThatThrownBy(() -> BINDING.read(folder, List.of()))
        .isInstanceOf(InputFault.class)
        .hasMessage(folder + ": a folder (expected: a YAML file)");
  }

  @Test
  void read_file_takesPathsRelativeToItsFolder(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("k.yaml"), "\uFEFFname: ä\nheat: 1\nmenu: m.txt");
    Kitchen kitchen = BINDING.read(file, List.of());
    assertThat(kitchen.name()).isEqualTo("ä");
    assertThat(kitchen.menu()).contains(folder.resolve("m.txt"));
  }

  @Test
  void read_bytesThatAreNoText_isOneLine(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("k.yaml"), new byte[] {'a', (byte) 0xff, ':'});
    assertThatThrownBy(() -> BINDING.read(file, List.of()))
        .hasMessage(file + ": not text (expected: YAML in UTF-8)");
  }

  @Test
  void read_hugeFile_isRefusedBeforeItIsParsed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("k.yaml"), "a".repeat((1 << 20) + 1));
    assertThatThrownBy(() -> BINDING.read(file, List.of()))
        .hasMessage(file + ": more than 1048576 bytes (expected: a recipe)");
  }

  @Test
  void binding_componentThatSettingsCannotHave_isRefusedAtOnce() {
    record Odd(Thread thread) {}

    assertThatThrownBy(() -> new Binding<>(Odd.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Thread");
  }

  @Test
  void binding_wrongDefault_isRefusedAtOnce() {
    record Odd(@org.distill4j.settings.Default("ten") int size) {}

    assertThatThrownBy(() -> new Binding<>(Odd.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("@Default(\"ten\") of size");
  }
}
