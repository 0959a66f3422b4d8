package org.distill4j.records;

import java.util.Optional;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;

/**
 * The settings {@code data.records}: which features of the records of a TFRecord file, each a
 * {@code tf.train.Example}, are input and truth. Bytes that start as PNG, JPEG, BMP or GIF do are
 * images; what others are, {@code feature} says.
 *
 * @param input the feature a model sees; absent: the only one beside the label
 * @param label the feature that is the truth: a class's number or name; for several labels their
 *     numbers or names; for a regression numbers
 * @param feature what the input's bytes are that are no image
 */
@Describe("which features of the records of a TFRecord file are input and truth")
public record RecordSettings(
    @Describe("the feature a model sees; if absent, the only one beside the label")
        Optional<String> input,
    @Default("label") @Describe("the feature that is the truth: numbers or names") String label,
    @Describe("what the input's bytes are, where they are no image") Optional<RawFeature> feature) {
  /** What is taken where nothing is said. */
  public static RecordSettings defaults() {
    return new RecordSettings(Optional.empty(), "label", Optional.empty());
  }
}
