package org.distill4j.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.distill4j.settings.Kitchen.Cook;
import org.distill4j.settings.Kitchen.Course;
import org.distill4j.settings.Kitchen.Knife;
import org.distill4j.settings.Kitchen.Mix;
import org.distill4j.settings.Kitchen.Rising;
import org.distill4j.settings.Kitchen.Steady;
import org.distill4j.settings.Kitchen.WoodStove;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeWriterTest {
  private static final Binding<Kitchen> BINDING = new Binding<>(Kitchen.class);

  private static Kitchen again(Kitchen kitchen) {
    return BINDING.parse(BINDING.write(kitchen), "again", Path.of("/elsewhere"), List.of());
  }

  private static Kitchen kitchen(String name, double degrees) {
    return new Kitchen(
        name,
        1,
        4,
        true,
        Optional.empty(),
        new Knife(),
        new Steady(degrees, 0),
        List.of(),
        List.of(),
        new Mix(0.1, 0.9, 1));
  }

  @Test
  void write_resolvedSettings_isYamlThatPeopleRead() {
    Kitchen kitchen =
        new Kitchen(
            "inn",
            -5,
            12,
            false,
            Optional.of(Path.of("/cards/menu 1.txt")),
            new WoodStove(List.of(3, 4)),
            new Rising(0.001, 7),
            List.of(Course.MAIN_DISH),
            List.of(new Cook("true", 1)),
            new Mix(1e-8, 5e20, 10));
    assertThat(BINDING.write(kitchen))
        .isEqualTo(
            """
            name: inn
            seed: -5
            seats: 12
            open: false
            menu: /cards/menu 1.txt
            stove:
              wood-stove:
                logs: [3, 4]
            heat:
              rising:
                from: 0.001
                to: 7
            courses: [main-dish]
            cooks:
            - name: "true"
              stars: 1
            mix:
              salt: 1.0E-8
              sugar: 5.0E20
              water: 10
            """);
    assertThat(again(kitchen)).isEqualTo(kitchen);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "~",
        "yes",
        "12",
        "1e3",
        "0x1F",
        ".nan",
        "-",
        "- a",
        "a: b",
        "a #b",
        "#",
        "it's",
        "\"",
        "\\",
        "a\nb",
        "a\r\nb",
        "\t",
        "trailing ",
        "[x]",
        "{x}",
        "&a",
        "*a",
        "!t",
        "%",
        "@",
        "`",
        "ä€𝄞",
        "a\u0085b",
        "\u2028",
        "...",
        "---",
        "<<",
        "=",
        "?",
        "|",
        ">",
        "a\u0007b"
      })
  void write_anyText_readsBackTheSame(String text) {
    assertThat(again(kitchen(text, 1)).name()).isEqualTo(text);
  }

  @Test
  void write_anyNumber_readsBackTheSame() {
    SplittableRandom random = new SplittableRandom(17);
    for (int i = 0; i < 500; i++) {
      double number = Math.abs(Double.longBitsToDouble(random.nextLong()));
      if (Double.isFinite(number)) {
        assertThat(again(kitchen("a", number)).heat()).isEqualTo(new Steady(number, 0));
      }
    }
    for (double number : new double[] {0, -0.0, 1, 0.1, 1e9, 123456789.125, Double.MIN_VALUE}) {
      assertThat(again(kitchen("a", number)).heat()).isEqualTo(new Steady(number, 0));
    }
  }

  @Test
  void write_numberThatIsNotFinite_isRefused() {
    assertThatThrownBy(() -> BINDING.write(kitchen("a", Double.NaN)))
        .hasMessage("NaN (expected: a finite number)");
  }
}
