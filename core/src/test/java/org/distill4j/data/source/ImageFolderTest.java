package org.distill4j.data.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.data.Splits;
import org.distill4j.fault.InputFault;
import org.distill4j.graph.Graph;
import org.distill4j.images.ImageFiles;
import org.distill4j.progress.ProgressListener;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Mlp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which folders are classes and parts, which files are images, and what is made of them. */
class ImageFolderTest {
  @TempDir Path folder;
  private final Random random = new Random(Seeds.of(47));

  @Test
  void open_hiddenAndToolsFolders_countNowhereAndAreNamed() throws IOException {
    classes("red", "green", "blue");
    List<String> tools =
        drawn(3, ".ipynb_checkpoints", "__MACOSX", "@eaDir", ".thumbnails", ".git", "#recycle");
    for (String tool : tools) {
      image("mine/" + tool + "/1.png", 5, 5, 0xff0000);
      image("mine/green/deep/" + tool + "/er/1.png", 5, 5, 0xff0000);
    }
    write("mine/blue/._0.png", new byte[82]);
    Splits splits = open();
    assertThat(splits.classes()).containsExactly("blue", "green", "red");
    assertThat(total(splits)).isEqualTo(12);
    assertThat(splits.notes()).anySatisfy(note -> assertThat(note).contains(tools.get(0)));
    assertThat(splits.notes().get(0)).startsWith("passed over in mine: 7 hidden or left by tools");
  }

  @Test
  void open_linkedFolders_countLikeOthers() throws IOException {
    classes("red", "green");
    image("store/1.png", 5, 5, 0xff);
    image("store/deep/2.png", 5, 5, 0xff);
    Files.createSymbolicLink(folder.resolve("mine/blue"), Path.of("../store"));
    Files.createSymbolicLink(folder.resolve("mine/red/more"), folder.resolve("store/deep"));
    Splits splits = open();
    assertThat(splits.classes()).containsExactly("blue", "green", "red");
    assertThat(total(splits)).isEqualTo(8 + 2 + 1);
  }

  @Test
  void open_linkInACircle_isRefused() throws IOException {
    classes("red", "green");
    Files.createSymbolicLink(folder.resolve("mine/red/loop"), Path.of(".."));
    assertThatThrownBy(this::open)
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith(folder.resolve("mine/red/loop") + ": a link to a folder that it")
        .hasMessageNotContaining("\n");
    Files.delete(folder.resolve("mine/red/loop"));
    Files.createSymbolicLink(folder.resolve("mine/red/.hidden"), Path.of(".."));
    assertThat(total(open())).isEqualTo(8);
  }

  @Test
  void open_linksThatLeadNowhere_areNamed() throws IOException {
    classes("red", "green");
    Files.createSymbolicLink(folder.resolve("mine/blue"), Path.of("gone"));
    write("mine/violet", "../mine/red".getBytes(UTF_8));
    write("mine/blank", "\n \n".getBytes(UTF_8));
    assertThat(open().notes())
        .containsExactly(
            "passed over in mine: 1 links that lead nowhere: blue",
            "passed over in mine: 1 links that were unpacked as text: violet");
  }

  @Test
  void open_foldersNamedAsParts_areParts() throws IOException {
    for (int trial = 0; trial < 4; trial++) {
      String at = "mine" + trial;
      String train = drawn(1, "Train", "training_set", "TRAINING", "train2017").get(0);
      String validation = drawn(1, "valid", "val", "Validation", "dev", "val2017").get(0);
      String test = drawn(1, "Test", "testing", "test_set", "TestData", "testset").get(0);
      String above = trial % 2 == 0 ? at + "/" : at + "/data/";
      classesIn(above + train + "/", "valley", "latest");
      image(above + validation + "/latest/1.png", 5, 5, 1);
      image(above + test + "/valley/1.png", 5, 5, 1);
      image(above + test + "/valley/2.png", 5, 5, 1);
      image(above + "figures/1.png", 5, 5, 1);
      Splits splits = open(at);
      assertThat(splits.classes()).containsExactly("latest", "valley");
      assertThat(splits.train().size()).isEqualTo(8);
      assertThat(splits.validation().size()).isEqualTo(1);
      assertThat(splits.test().size()).isEqualTo(2);
      String inside = above.substring(at.length() + 1);
      assertThat(splits.notes().get(0))
          .isEqualTo(
              "parts: training from %s%s, validation from %s%s, test from %s%s"
                  .formatted(inside, train, inside, validation, inside, test));
      assertThat(splits.notes().get(1)).contains(inside + "figures");
    }
  }

  @Test
  void open_foldersWhoseNamesOnlyHoldAPart_areClasses() throws IOException {
    String[] names = {"valley", "latest", "contest-train", "device", "train", "attest"};
    classes(names);
    Splits splits = open();
    assertThat(splits.classes())
        .containsExactly("attest", "contest-train", "device", "latest", "train", "valley");
    assertThat(total(splits)).isEqualTo(4L * names.length);
  }

  @Test
  void open_testFolderBesideClasses_isThatPart() throws IOException {
    classes("cat", "dog");
    classesIn("mine/test/", "cat", "dog");
    Splits splits = open();
    assertThat(splits.classes()).containsExactly("cat", "dog");
    assertThat(splits.test().size()).isEqualTo(8);
  }

  @Test
  void open_testFolderWithOneClassMore_isRefusedByThatFolder() throws IOException {
    List<String> names = drawn(3, "cat", "dog", "emu", "fox", "gnu");
    classes(names.get(0), names.get(1));
    classesIn("mine/test/", names.toArray(String[]::new));
    assertThatThrownBy(this::open)
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith(
            folder.resolve("mine/test").resolve(names.get(2)) + ": a folder of no class");
  }

  @Test
  void open_validationAndTestWithoutTraining_isRefused() throws IOException {
    String validation = drawn(1, "valid", "val", "dev").get(0);
    String test = drawn(1, "test_set", "Test").get(0);
    classesIn("mine/" + validation + "/", "cat", "dog");
    classesIn("mine/" + test + "/", "cat", "dog");
    assertThatThrownBy(this::open)
        .isInstanceOf(InputFault.class)
        .hasMessageStartingWith(folder.resolve("mine") + ": no images to train on beside [")
        .hasMessageContaining(validation)
        .hasMessageContaining(test);
  }

  @Test
  void open_flatFolderCalledAsAPart_isAClassAndTold() throws IOException {
    String test = drawn(1, "test", "val", "Test").get(0);
    classes("cat", "dog", test);
    assertThat(open().notes())
        .contains(
            test
                + " is taken for a class, as it has no folders of classes; if it is a part, move it elsewhere");
  }

  @Test
  void open_folderCalledAsAPartWithNoneOfTheClasses_isAClassAndTold() throws IOException {
    classes("cat", "dog");
    classesIn("mine/test/", "left", "right");
    Splits splits = open();
    assertThat(splits.classes()).containsExactly("cat", "dog", "test");
    assertThat(splits.notes())
        .contains(
            "test is taken for a class, as none of its folders is called as a class: [left, right]");
  }

  @Test
  void open_partTwice_isRefused() throws IOException {
    classesIn("mine/train/", "cat");
    classesIn("mine/val/", "cat");
    classesIn("mine/valid/", "cat");
    assertThatThrownBy(this::open)
        .hasMessage(
            folder.resolve("mine")
                + ": val and valid are both validation (expected: one folder); rename the other");
  }

  @Test
  void open_partsWithoutClasses_areRefused() throws IOException {
    image("mine/train/1.png", 5, 5, 1);
    image("mine/test/1.png", 5, 5, 1);
    assertThatThrownBy(this::open)
        .hasMessageStartingWith(
            folder.resolve("mine") + ": images in [test, train] without folders of their classes");
  }

  @Test
  void open_sizesThatDiffer_areBroughtToTheCommonestAndCounted() throws IOException {
    int height = 5 + random.nextInt(9);
    int width = 20 + random.nextInt(9);
    grey("mine/a/00.png", 3, 2); // the first by its name
    for (int i = 1; i < 9; i++) {
      image("mine/a/0" + i + ".png", height, width, random.nextInt(1 << 24) | 0x10);
    }
    grey("mine/b/00.png", 4, 4);
    Splits splits = open();
    assertThat(splits.shape()).isEqualTo(Shape.of(3, height, width));
    assertThat(splits.notes())
        .containsExactly(
            "training images: 8 of %d x %d, 1 of 3 x 2 (a/00.png), 1 of 4 x 4 (b/00.png); all are"
                    .formatted(height, width)
                + " stretched to %d x %d (images: {size: [height, width]} sets another size)"
                    .formatted(height, width),
            "training images: 8 in colour, 2 in grey (a/00.png); all are read in colour"
                + " (images: {channels: 1} makes all grey)");
  }

  @Test
  void open_forAModel_areBroughtToTheSizeAndChannelsThatItTakes() throws IOException {
    int height = 6 + random.nextInt(9);
    int width = 6 + random.nextInt(9);
    image("mine/a/1.png", height, width, 0xff0000);
    for (int i = 0; i < 4; i++) {
      image("mine/a/other" + i + ".png", 5, 5, 0xff0000);
      grey("mine/b/grey" + i + ".png", 5, 5);
    }
    for (int channels : new int[] {1, 3}) {
      Graph model = new Mlp(List.of(), 0).build(Shape.of(channels, height, width), 2, 1);
      Splits splits = catalog().openWhole(DataSettings.at(folder.resolve("mine")), model);
      assertThat(splits.shape()).isEqualTo(Shape.of(channels, height, width));
      FloatBuffer row = FloatBuffer.allocate(channels * height * width);
      splits.test().data().read(0, row);
      assertThat(row.get(height * width - 1)).isEqualTo(channels == 1 ? 76 : 255); // 0.299 red
      assertThat(splits.notes().get(0))
          .endsWith("all are stretched to %d x %d".formatted(height, width));
    }
  }

  @Test
  void open_headsThatLie_areUnreadableImagesAndDecideNoSize() throws IOException {
    int height = 3 + random.nextInt(9);
    for (int i = 0; i < 3; i++) {
      image("mine/a/good" + i + ".png", height, 5, 0x123456);
    }
    for (int i = 0; i < 4; i++) {
      byte[] lying = Files.readAllBytes(folder.resolve("mine/a/good0.png"));
      int extent = i % 2 == 0 ? 0 : 50_000 + random.nextInt(10_000);
      ByteBuffer.wrap(lying).putInt(16, extent).putInt(20, extent);
      write("mine/a/lying" + i + ".png", lying);
    }
    Splits splits = open();
    assertThat(splits.shape()).isEqualTo(Shape.of(3, height, 5));
    for (int i = 0; i < 3; i++) {
      Files.delete(folder.resolve("mine/a/good" + i + ".png"));
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(InputFault.class)
        .hasMessageEndingWith("no image that can be read (expected: PNG, JPEG, BMP or GIF files)");
  }

  @Test
  void open_formatsThatAreNotRead_areNamed() throws IOException {
    classes("cat", "dog");
    write("mine/cat/1.webp", new byte[9]);
    write("mine/cow/1.jfif", new byte[9]);
    write("mine/dog/deep/2.TIFF", new byte[9]);
    write("mine/dog/notes.txt", new byte[9]);
    assertThat(open().notes())
        .containsExactly(
            "passed over in mine: 1 JFIF files, which are not read (expected: PNG, JPEG, BMP or"
                + " GIF): cow/1.jfif",
            "passed over in mine: 1 WebP files, which are not read (expected: PNG, JPEG, BMP or"
                + " GIF): cat/1.webp",
            "passed over in mine: 1 TIFF files, which are not read (expected: PNG, JPEG, BMP or"
                + " GIF): dog/deep/2.TIFF");
  }

  @Test
  void open_contentReplacedAtTheSameLengthAndTime_isReadAnew() throws IOException {
    FileTime time = FileTime.fromMillis(315532800000L);
    List<Integer> greys = new ArrayList<>();
    for (int version = 0; version < 2; version++) {
      greys.clear();
      for (int i = 0; i < 10; i++) {
        int grey = random.nextInt(256);
        greys.add(grey);
        Path file = folder.resolve("mine/a/" + i + ".bmp");
        IdxBytes.write(file, ImageFiles.encoded(ImageFiles.flat(4, 4, grey * 0x10101), "bmp"));
        Files.setLastModifiedTime(file, time);
      }
      Splits splits = open();
      List<Integer> read = new ArrayList<>();
      for (Dataset part :
          List.of(splits.train().data(), splits.validation().data(), splits.test().data())) {
        for (long i = 0; i < part.size(); i++) {
          FloatBuffer row = FloatBuffer.allocate((int) part.shape().elements());
          part.read(i, row);
          read.add((int) row.get(0));
        }
      }
      assertThat(read).containsExactlyInAnyOrderElementsOf(greys);
    }
  }

  private List<String> drawn(int count, String... names) {
    List<String> all = new ArrayList<>(List.of(names));
    Collections.shuffle(all, random);
    return all.subList(0, count);
  }

  private void classes(String... names) throws IOException {
    classesIn("mine/", names);
  }

  /** Four images in each. */
  private void classesIn(String above, String... names) throws IOException {
    for (String name : names) {
      for (int i = 0; i < 4; i++) {
        image(above + name + "/" + i + ".png", 5, 5, random.nextInt(1 << 24) | 1);
      }
    }
  }

  private void image(String name, int height, int width, int rgb) throws IOException {
    write(name, ImageFiles.encoded(ImageFiles.flat(height, width, rgb), "png"));
  }

  private void grey(String name, int height, int width) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    write(name, ImageFiles.encoded(image, "png"));
  }

  private void write(String name, byte[] bytes) {
    IdxBytes.write(folder.resolve(name), bytes);
  }

  private static long total(Splits splits) {
    return splits.train().size() + splits.validation().size() + splits.test().size();
  }

  private Splits open() {
    return open("mine");
  }

  private Splits open(String name) {
    return catalog().open(DataSettings.at(folder.resolve(name)));
  }

  private DataCatalog catalog() {
    return new DataCatalog(
        new DataLocations(Optional.empty(), folder.resolve("cache"), true), ProgressListener.NONE);
  }
}
