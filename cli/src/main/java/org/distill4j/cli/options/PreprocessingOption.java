package org.distill4j.cli.options;

import java.util.Optional;
import org.distill4j.graph.Preprocessing;
import picocli.CommandLine.Option;

/** What a model takes, where its file does not say it. */
public final class PreprocessingOption {
  @Option(
      names = "--preprocessing",
      paramLabel = "HOW",
      description =
          "What the model takes of raw pixels: imagenet, keras-tf, keras-caffe, keras-torch, none,"
              + " or such as '{scale: 0.5, mean: [1], std: [2]}'; what its file or else the data"
              + " say if left out.")
  private String how;

  /** What was told. */
  public Optional<Preprocessing> told() {
    return read(how, "--preprocessing");
  }

  /** What a text tells, if there is one. */
  public static Optional<Preprocessing> read(String how, String name) {
    return Optional.ofNullable(how).map(text -> Preprocessing.read(text, name));
  }
}
