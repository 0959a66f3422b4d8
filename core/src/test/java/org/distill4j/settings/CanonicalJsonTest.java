package org.distill4j.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {
  private enum Speed {
    VERY_FAST
  }

  private sealed interface Shape {
    record RoundOne(int radius) implements Shape {}
  }

  private record Engine(int cylinders, Optional<Double> litres, Speed speed, List<Shape> wheels) {}

  private record Motor(List<Shape> wheels, Speed speed, Optional<Double> litres, int cylinders) {}

  @Test
  void of_recordOfAnotherClassWithComponentsInAnotherOrder_isTheSame() {
    List<Shape> wheels = List.of(new Shape.RoundOne(3));
    assertThat(CanonicalJson.of(new Motor(wheels, Speed.VERY_FAST, Optional.of(1.5), 4)))
        .isEqualTo(CanonicalJson.of(new Engine(4, Optional.of(1.5), Speed.VERY_FAST, wheels)))
        .isEqualTo(
            "{\"cylinders\":4,\"litres\":1.5,\"speed\":\"very-fast\","
                + "\"wheels\":[{\"round-one\":{\"radius\":3}}]}");
  }

  @Test
  void of_whatIsAbsent_isLeftOut() {
    assertThat(CanonicalJson.of(new Engine(4, Optional.empty(), Speed.VERY_FAST, List.of())))
        .isEqualTo("{\"cylinders\":4,\"speed\":\"very-fast\",\"wheels\":[]}");
  }

  @Test
  void of_numbersInAnyLocale_areTheSame() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(CanonicalJson.of(List.of(1e-8, 12, 2.5e30))).isEqualTo("[1e-8,12,2.5e+30]");
    } finally {
      Locale.setDefault(before);
    }
  }

  /** From appendix B of RFC 8785, by the bits of the numbers. */
  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0",
    "8000000000000000, 0",
    "0000000000000001, 5e-324",
    "8000000000000001, -5e-324",
    "7fefffffffffffff, 1.7976931348623157e+308",
    "ffefffffffffffff, -1.7976931348623157e+308",
    "4340000000000000, 9007199254740992",
    "c340000000000000, -9007199254740992",
    "4430000000000000, 295147905179352830000",
    "44b52d02c7e14af5, 9.999999999999997e+22",
    "44b52d02c7e14af6, 1e+23",
    "44b52d02c7e14af7, 1.0000000000000001e+23",
    "444b1ae4d6e2ef4e, 999999999999999700000",
    "444b1ae4d6e2ef4f, 999999999999999900000",
    "444b1ae4d6e2ef50, 1e+21",
    "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d, 0.000001",
    "41b3de4355555553, 333333333.3333332",
    "41b3de4355555554, 333333333.33333325",
    "41b3de4355555555, 333333333.3333333",
    "41b3de4355555556, 333333333.3333334",
    "41b3de4355555557, 333333333.33333343",
    "becbf647612f3696, -0.0000033333333333333333",
    "43143ff3c1cb0959, 1424953923781206.2"
  })
  void of_number_isAsRfc8785HasIt(String bits, String expected) {
    double value = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
    assertThat(CanonicalJson.of(value)).isEqualTo(expected);
  }

  @Test
  void of_wholeNumber_isExactAndTheSameAsOneWithAPoint() {
    assertThat(CanonicalJson.of(List.of(Long.MAX_VALUE, 5, 5L, 5.0)))
        .isEqualTo("[9223372036854775807,5,5,5]");
  }

  @Test
  void of_text_isEscapedWhereItMustBe() {
    assertThat(CanonicalJson.of("€$\u000f\nA'B\"\\/\b\t\u007f"))
        .isEqualTo("\"€$\\u000f\\nA'B\\\"\\\\/\\b\\t\u007f\"");
    assertThat(CanonicalJson.of(Path.of("a/b"))).isEqualTo("\"a/b\"");
  }

  @Test
  void of_map_isSortedByItsKeys() {
    assertThat(CanonicalJson.of(Map.of("b", true, "a", Map.of(Speed.VERY_FAST, 1))))
        .isEqualTo("{\"a\":{\"very-fast\":1},\"b\":true}");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void of_numberThatIsNotFinite_isRefused(double value) {
    assertThatIllegalArgumentException().isThrownBy(() -> CanonicalJson.of(value));
  }

  @Test
  void of_somethingElse_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> CanonicalJson.of(new Object()));
  }
}
