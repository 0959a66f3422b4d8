package org.distill4j.data.source;

import java.util.List;
import java.util.stream.Stream;
import org.distill4j.data.ClassNumbers;

/**
 * A data set of four idx files that is known by its name.
 *
 * @param publisher the address that the files' names are appended to; blank for one that is part of
 *     this library
 * @param validation how many of the last training examples are the validation part
 */
record KnownData(
    String name,
    List<String> classes,
    String publisher,
    long validation,
    KnownFile trainImages,
    KnownFile trainLabels,
    KnownFile testImages,
    KnownFile testLabels)
    implements Published {

  private static final List<String> CLOTHES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  /** Fashion-MNIST's first 12,000 training images and all its test images. */
  static final KnownData FASHION_MINI =
      of(
          "fashion-mini",
          CLOTHES,
          "",
          1200,
          "39fed60d923648a6a26c8891a4a29115b7c8277438b70da22b9c4ba97262f3b4",
          "d3ceaa7f344b00d0a41770262dfcc5d3093a9f5ea49aadeabb5631e7d67e4323",
          "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
          "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34");

  private static final KnownData FASHION_MNIST =
      of(
          "fashion-mnist",
          CLOTHES,
          "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
          5000,
          "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
          "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
          "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
          "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34");

  private static final KnownData MNIST =
      of(
          "mnist",
          ClassNumbers.numbersTo(10),
          "https://ossci-datasets.s3.amazonaws.com/mnist/",
          5000,
          "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
          "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
          "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
          "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

  /** All that are known. */
  static final List<KnownData> ALL = List.of(FASHION_MINI, MNIST, FASHION_MNIST);

  private static KnownData of(
      String name, List<String> classes, String publisher, long validation, String... sha256) {
    return new KnownData(
        name,
        classes,
        publisher,
        validation,
        new KnownFile("train-images-idx3-ubyte", sha256[0]),
        new KnownFile("train-labels-idx1-ubyte", sha256[1]),
        new KnownFile("t10k-images-idx3-ubyte", sha256[2]),
        new KnownFile("t10k-labels-idx1-ubyte", sha256[3]));
  }

  /** Whether it needs no finding. */
  boolean isEmbedded() {
    return publisher.isBlank();
  }

  /** The four files. */
  @Override
  public List<KnownFile> files() {
    return Stream.of(trainImages, trainLabels, testImages, testLabels).toList();
  }
}
