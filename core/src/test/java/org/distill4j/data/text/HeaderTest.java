package org.distill4j.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.distill4j.Seeds;
import org.junit.jupiter.api.Test;

class HeaderTest {
  private static final List<String> MISSING = List.of("", "?", "NA");

  @Test
  void of_namesAboveNumbers_areAHeader() {
    assertHeader("a,b,y", "1,2,0", "3,4,1");
    assertHeader("id,2019,2020,2021,y", "1,5,6,7,0", "2,8,9,1,1");
    assertHeader("label,0,1,2,3", "5,0,0,17,3", "2,8,9,1,1");
    assertHeader(",a,b,y", "0,1.5,2,0", "1,3,4,1");
    assertHeader(",0,1,2", "0,1.5,2,0", "1,3,4,1");
    assertHeader("a;b".replace(';', ','), "1.5,x", "2,y");
    assertHeader("Größe,城市,y", "1,2,0", "?,4,1");
  }

  @Test
  void of_numbersThatCountColumns_areAHeader() {
    assertHeader("0,1,2", "0.33,-1.2,1", "0.1,0.2,0");
    assertHeader("1,2,3", "0.33,-1.2,1", "0.1,0.2,0");
    assertHeader("0,1,2,3,4,5,6", "9,9,0,1,4,4,1", "9,9,0,1,4,4,0");
    assertHeader("0,1,2", "1,0,1", "0,0,1", "1,1,0", "0,1,0", "1,1,1");
    assertHeader("0,1,2", "7,red,p", "8,blue,q");
    assertHeader("2019,2020,kind", "1.5,2,p", "1,2.5,q", "2,3,p", "4,5,q", "6,7,p");
    assertExample("1,2,Braund", "3,1,Cumings", "3,8,Heikkinen", "2,2,Allen", "5,6,Moran");
    assertHeader("0,2,5", "0.1,0.2,1", "0.5,0.2,0", "0.7,0.2,1", "0.3,0.2,0", "0.9,0.2,1");
  }

  @Test
  void of_examples_areNoHeader() {
    assertExample("1.5,2,0", "1,3,0");
    assertExample("0,1,2", "1,2,0", "2,0,1", "0,1,2", "1,1,1", "2,2,2");
    assertExample("0,1", "0.5,0", "0.75,1", "1,0");
    assertExample("5.1,3.5,setosa", "4.9,3,setosa", "7,3.2,virginica");
    assertExample("?,3.5,1", "4.9,3,0", "7,3.2,1");
    assertExample("NaN,NA,?", "4.9,3,0", "7,3.2,1");
    assertExample("1,1O,0", "4,3,0", "7,3,1");
    assertExample("p,x,s,n", "e,x,s,y", "e,b,s,w", "p,x,y,w");
    assertExample("1e39,2,0", "1,3,0");
    assertExample("1,2,3,4,0", "1,2,3,4,0");
  }

  @Test
  void of_labelThatTheLineHas_isAHeader() {
    assertThat(of(List.of("2019"), "2020,2021,2019", "1,2,3").inFile()).isFalse();
    assertThat(of(List.of("kind"), "x,kind", "a,b").inFile()).isTrue();
    assertThat(of(List.of("1"), "1,0.5", "0,0.25").inFile()).isFalse();
  }

  @Test
  void of_columnWithoutANameThatCountsRows_isAnIndex() {
    assertThat(of(List.of(), ",a,y", "0,1.5,0", "1,2.5,1").index()).isZero();
    assertThat(of(List.of(), "Unnamed: 0,a,y", "7,1.5,0", "8,2.5,1").index()).isZero();
    assertThat(of(List.of(), ",a,y", "0.5,1.5,0", "1,2.5,1").index()).isEqualTo(-1);
    assertThat(of(List.of(), "id,a,y", "0,1.5,0", "1,2.5,1").index()).isEqualTo(-1);
    assertThat(of(List.of(), ",a,y", "0,1.5,0", "1,2.5,1").names())
        .containsExactly("column 1", "a", "y");
  }

  @Test
  void of_givenNames_areTheFilesUnlessItsFirstLineHasThem() {
    List<String> given = List.of("a", "kind");
    assertThat(Header.of(records("1,p", "2,q"), given, List.of(), MISSING))
        .isEqualTo(new Header(given, false, true, -1));
    assertThat(Header.of(records("a,kind", "2,q"), given, List.of(), MISSING).inFile()).isTrue();
  }

  @Test
  void of_givenNamesInAnotherOrder_areAsTheFirstLineHasThem() {
    List<String> given = List.of("a", "b", "y");
    Header other = Header.of(records("b,a,y", "1,2,0"), given, List.of(), MISSING);
    assertThat(other).isEqualTo(new Header(List.of("b", "a", "y"), true, true, -1));
    Header twice = Header.of(records("a,b,b", "1,2,0"), given, List.of(), MISSING);
    assertThat(twice.names()).isEqualTo(given);
  }

  @Test
  void of_lineOfAnotherLengthThanTheGivenNames_tellsItself() {
    List<String> given = List.of("a", "b", "y");
    Header longer = Header.of(records("id,b,a,y", "7,1,2,0"), given, List.of(), MISSING);
    assertThat(longer.inFile()).isTrue();
    assertThat(longer.names()).containsExactly("id", "b", "a", "y");
    Header example = Header.of(records("7,1,2,0", "8,1,2,0"), given, List.of(), MISSING);
    assertThat(example).isEqualTo(new Header(given, false, true, -1));
  }

  @Test
  void of_drawnTables_areToldByWhetherTheyBeginWithNames() {
    Random random = new Random(Seeds.of(21));
    for (int trial = 0; trial < 200; trial++) {
      int columns = 3 + random.nextInt(8);
      List<String> lines = new ArrayList<>();
      for (int r = 0; r < 12; r++) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < columns - 1; c++) {
          line.append(String.format(Locale.ROOT, "%.3f,", 100 * random.nextGaussian()));
        }
        lines.add(line.append(random.nextInt(4)).toString());
      }
      assertExample(lines.toArray(String[]::new));
      int kind = random.nextInt(3);
      int from = random.nextInt(2);
      String names =
          String.join(
              ",",
              IntStream.range(from, columns + from)
                  .mapToObj(c -> kind == 0 ? "" + c : kind == 1 ? "x" + c : "\u5217" + (c * 7 % 97))
                  .toList());
      lines.add(0, names);
      assertHeader(lines.toArray(String[]::new));
    }
  }

  private static void assertHeader(String... lines) {
    assertThat(of(List.of(), lines).inFile()).as(Arrays.toString(lines)).isTrue();
  }

  private static void assertExample(String... lines) {
    assertThat(of(List.of(), lines).inFile()).as(Arrays.toString(lines)).isFalse();
  }

  private static Header of(List<String> labels, String... lines) {
    return Header.of(records(lines), List.of(), labels, MISSING);
  }

  private static List<List<String>> records(String... lines) {
    return Arrays.stream(lines).map(line -> List.of(line.split(",", -1))).toList();
  }
}
