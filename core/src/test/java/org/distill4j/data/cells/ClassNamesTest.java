package org.distill4j.data.cells;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;

class ClassNamesTest {
  private final Random random = new Random(Seeds.of(22));

  @Test
  void place_numberInAnySpelling_isTheClassOfThatNumberAndNeverThePlace() {
    for (int draw = 0; draw < 50; draw++) {
      int first = random.nextInt(-3, 40);
      List<Integer> numbers = new ArrayList<>(IntStream.range(first, first + 7).boxed().toList());
      Collections.shuffle(numbers, random);
      ClassNames names = new ClassNames(numbers.stream().map(String::valueOf).toList(), true);
      for (int number : numbers) {
        String sign = number < 0 ? "-" : random.nextBoolean() ? "+" : "";
        String spelled = sign + "0".repeat(random.nextInt(3)) + Math.abs(number);
        assertThat(names.place(spelled)).as(spelled).isEqualTo(numbers.indexOf(number));
        assertThat(names.place(number + ".0")).isEqualTo(numbers.indexOf(number));
        assertThat(names.place(number + ".")).isEqualTo(numbers.indexOf(number));
        assertThat(names.place(number + ".5")).isEqualTo(-1);
      }
      assertThat(names.place("" + (first + 7))).isEqualTo(-1);
      assertThat(names.place("" + (first - 1))).isEqualTo(-1);
    }
  }

  @Test
  void place_numberThatTwoNamesAre_isNeitherUnlessItIsSpelledLikeOne() {
    ClassNames codes = new ClassNames(List.of("1", "01", "A1"), true);
    assertThat(codes.place("01")).isEqualTo(1);
    assertThat(codes.place("1.0")).isEqualTo(-1);
    assertThat(codes.place("2")).isEqualTo(-1);
  }

  @Test
  void place_trueAndFalse_areTheClassesThatSayTheSame() {
    List<List<String>> pairs =
        List.of(
            List.of("0", "1"),
            List.of("no", "yes"),
            List.of("False", "True"),
            List.of("n", "y"),
            List.of("0.0", "1.0"));
    for (List<String> pair : pairs) {
      List<String> shuffled = new ArrayList<>(pair);
      Collections.shuffle(shuffled, random);
      ClassNames names = new ClassNames(shuffled, true);
      for (int truth = 0; truth < 2; truth++) {
        int right = shuffled.indexOf(pair.get(truth));
        for (List<String> other : pairs) {
          assertThat(names.place(other.get(truth))).isEqualTo(right);
          assertThat(names.place(other.get(truth).toUpperCase(Locale.ROOT))).isEqualTo(right);
        }
      }
      assertThat(names.place("2")).isEqualTo(-1);
      assertThat(names.place("maybe")).isEqualTo(-1);
    }
    assertThat(new ClassNames(List.of("f", "m"), false).place("no")).isEqualTo(-1);
  }

  @Test
  void place_ofNamesThatAreWords_countsOnlyWhereCellsMayCount() {
    List<String> words = List.of("cat", "dog", "fish");
    assertThat(new ClassNames(words, true).place("1")).isEqualTo(1);
    assertThat(new ClassNames(words, true).place("1.0")).isEqualTo(1);
    assertThat(new ClassNames(words, true).place("3")).isEqualTo(-1);
    assertThat(new ClassNames(words, true).place("-0.5")).isEqualTo(-1);
    assertThat(new ClassNames(words, false).place("1")).isEqualTo(-1);
    assertThat(new ClassNames(List.of("cat", "dog", "3"), true).place("1")).isEqualTo(-1);
  }

  @Test
  void collected_numbers_areOnceEachBySize() {
    assertThat(ClassNames.collected(List.of("10.0", "9", "2", "2.0", "-1.0", "+3", "3")))
        .containsExactly("-1", "2", "3", "9", "10");
    assertThat(ClassNames.collected(List.of("03", "01", "12"))).containsExactly("01", "03", "12");
    assertThat(ClassNames.collected(List.of("b", "10", "9", "b"))).containsExactly("10", "9", "b");
    // beyond 2^53 doubles would make one of two
    assertThat(ClassNames.collected(List.of("9007199254740993", "9007199254740992")))
        .containsExactly("9007199254740992", "9007199254740993");
  }

  @Test
  void number_withAnExponentBeyond32Bits_isNone() {
    for (String cell : List.of("0e12345678901", "0E-99999999999", "1e-12345678901")) {
      assertThat(ClassNames.number(cell)).as(cell).isEmpty();
      assertThat(new ClassNames(List.of("1", "2"), true).place(cell)).isEqualTo(-1);
      assertThat(ClassNames.collected(List.of(cell, "1"))).contains(cell);
    }
    assertThat(ClassNames.number("1e-300")).isPresent();
  }

  @Test
  void alike_namesInOtherCapitals_areTold() {
    assertThat(ClassNames.alike(List.of("Dog", "cat", "DOG", "Cat", "fish")))
        .containsExactly(List.of("cat", "Cat"), List.of("Dog", "DOG"));
  }
}
