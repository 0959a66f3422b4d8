package org.distill4j.data.cells;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.distill4j.data.Dataset;
import org.distill4j.data.source.IdxBytes;
import org.distill4j.data.store.ByteSource;
import org.distill4j.data.store.UnpackedFolder;
import org.distill4j.data.text.CellFile;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Preprocessing;
import org.distill4j.table.ColumnNames;
import org.distill4j.table.Dialect;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvDatasetTest {
  @TempDir Path folder;

  @Test
  void read_withoutHeader_givesNumbersAndLastColumnAsLabel() {
    Dataset data = open("1.5,-2,0\n 3e2 ,4,2\r\n\n.5,7.,1");
    assertThat(data.size()).isEqualTo(3);
    assertThat(data.shape()).isEqualTo(Shape.of(2));
    assertThat(data.classes()).containsExactly("0", "1", "2");
    assertThat(row(data, 0)).containsExactly(1.5f, -2);
    assertThat(row(data, 1)).containsExactly(300, 4);
    assertThat(row(data, 2)).containsExactly(0.5f, 7);
    assertThat(data.label(1)).isEqualTo(2);
  }

  @Test
  void read_header_namesTheLabelColumn() {
    String text = "\ufeffage,\"kind, of\",height\n30,1,1.8\n40,0,1.7\n";
    Dataset data = open(text, "kind, of");
    assertThat(row(data, 1)).containsExactly(40, 1.7f);
    assertThat(data.label(0)).isEqualTo(1);
    assertThat(row(open(text, "2"), 1)).containsExactly(40, 1.7f);
  }

  @Test
  void read_namedClasses_areFoundByNameOrNumber() {
    Dataset data = open("1,dog\n2,cat\n3,\"dog\"\n4,1\n", "", "cat", "dog");
    assertThat(data.classes()).containsExactly("cat", "dog");
    assertThat(List.of(data.label(0), data.label(1), data.label(2), data.label(3)))
        .containsExactly(1, 0, 1, 1);
  }

  @Test
  void open_packed_hasTheDigestOfThePlain() {
    String text = "1,2,0\n3,4,1\n";
    Dataset packed = open(IdxBytes.gzip(text.getBytes(StandardCharsets.UTF_8)), "x.csv.gz", "");
    assertThat(packed.sha256()).isEqualTo(open(text).sha256());
    assertThat(open("1,2,0\n3,5,1\n").sha256()).isNotEqualTo(packed.sha256());
  }

  @Test
  void open_manyRows_comeBackWhole() {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder();
    float[][] rows = new float[5000][7];
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) random.nextGaussian();
        text.append(row[i]).append(',');
      }
      text.append(random.nextInt(4)).append('\n');
    }
    Dataset data = open(text.toString());
    assertThat(data.size()).isEqualTo(5000);
    for (int i = 0; i < rows.length; i++) {
      assertThat(row(data, i)).containsExactly(rows[i]);
    }
  }

  @Test
  void open_badCell_isNamedWithFileLineColumnAndValue() {
    assertRefused(
        "a,b,y\n1,2,0\n1,?,0\n", "", "x.csv:3 column 'b': '?' (expected: a finite number)");
    assertRefused("1,2,0\n1,NaN,0\n", "", "x.csv:2 column 2: 'NaN' (expected: a finite number)");
    assertRefused("1,2,0\n1e99,2,0\n", "", "x.csv:2 column 1: '1e99' (expected: a finite number)");
    assertRefused("1,2,0\n1f,2,0\n", "", "x.csv:2 column 1: '1f' (expected: a finite number)");
    assertRefused("1,2,0\n1,,0\n", "", "x.csv:2 column 2: '' (expected: a finite number)");
  }

  @Test
  void open_badLabel_isNamed() {
    assertRefused(
        "1,2,0\n1,2,-1\n",
        "",
        "x.csv:2 column 3: '-1' (expected: a class, 0 to 65535; names need the setting classes)");
    assertRefused("1,2,0\n1,2,1.5\n", "", "x.csv:2 column 3: '1.5' (expected: a class");
    assertThatThrownBy(() -> open("1,cat\n2,cow\n", "", "cat", "dog"))
        .hasMessageContaining(
            "x.csv:2 column 2: 'cow' (expected: a class, 0 to 1 or one of [cat, dog])");
    assertThatThrownBy(() -> open("1,0\n2,2\n", "", "cat", "dog"))
        .hasMessageContaining("x.csv:2 column 2: '2' (expected: a class, 0 to 1");
  }

  @Test
  void open_lineOfAnotherLength_isNamed() {
    assertRefused("1,2,0\n1,2\n", "", "x.csv:2: 2 columns (expected: 3, as the first line has)");
    assertRefused("1\n2\n", "", "x.csv:1: 1 column (expected: numbers and a label");
  }

  @Test
  void open_nothingInIt_isRefused() {
    assertRefused("", "", "x.csv: no lines (expected: at least one example)");
    assertRefused("a,b\n\n", "", "x.csv: a header only (expected: at least one example)");
  }

  @Test
  void open_unknownLabelColumn_isRefused() {
    assertRefused(
        "a,b\n1,0\n", "c", "x.csv: no column 'c' for the label (expected: a name in line 1, or 1");
    assertRefused("a,b\n1,0\n", "3", "x.csv: no column '3' for the label");
  }

  @Test
  void open_shapeThatDoesNotFit_isRefused() {
    Path file = IdxBytes.write(folder.resolve("x.csv"), "1,2,3,0".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(
            () ->
                CsvDataset.open(
                    "x",
                    columns(file, "", Optional.empty()),
                    List.of(),
                    Optional.of(Shape.of(1, 2, 2)),
                    Preprocessing.NONE,
                    new UnpackedFolder(folder.resolve("cache"))))
        .hasMessage(file + ": 3 numbers per line (expected: 4, for [1, 2, 2])");
  }

  @Test
  void open_truncatedGzip_isRefused() {
    byte[] packed = IdxBytes.gzip("1,2,0\n".repeat(500).getBytes(StandardCharsets.UTF_8));
    byte[] cut = Arrays.copyOf(packed, packed.length - 9);
    assertThatThrownBy(() -> open(cut, "x.csv.gz", ""))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining("x.csv.gz: damaged gzip: Unexpected end of ZLIB input stream");
  }

  private void assertRefused(String text, String label, String message) {
    assertThatThrownBy(() -> open(text, label))
        .isInstanceOf(InputFault.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private Dataset open(String text) {
    return open(text, "");
  }

  private Dataset open(String text, String label, String... classes) {
    return open(text.getBytes(StandardCharsets.UTF_8), "x.csv", label, classes);
  }

  private Dataset open(byte[] bytes, String name, String label, String... classes) {
    return CsvDataset.open(
        "x",
        columns(IdxBytes.write(folder.resolve(name), bytes), label, Optional.empty()),
        List.of(classes),
        Optional.empty(),
        Preprocessing.NONE,
        new UnpackedFolder(folder.resolve("cache")));
  }

  private static CsvColumns columns(Path file, String label, Optional<ColumnNames> trained) {
    return CsvColumns.of(CellFile.of(ByteSource.of(file), Dialect.USUAL), label, trained);
  }

  private static float[] row(Dataset data, long index) {
    FloatBuffer target = FloatBuffer.allocate((int) data.shape().elements());
    data.read(index, target);
    assertThat(target.hasRemaining()).isFalse();
    return target.array();
  }
}
