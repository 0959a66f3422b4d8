package org.distill4j.cli.options;

import org.distill4j.data.Split;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which part of which data a command reads. */
public final class SplitOptions {
  /** A part of the data as it is spelled on the command line. */
  enum Part {
    TRAIN,
    VALIDATION,
    TEST
  }

  @Mixin private DataOptions data;

  @Option(
      names = "--split",
      paramLabel = "PART",
      defaultValue = "TEST",
      description = "train, validation or test; test if left out.")
  private Part part;

  public boolean given() {
    return data.given();
  }

  /** Refuses a command without data. */
  public void require(CommandSpec spec) {
    data.require(spec);
  }

  /** All parts, read as a model takes them. */
  public Splits all(ModelArgument model) {
    return DataCatalog.here().open(data.settings(), model.graph());
  }

  /** The part that was asked for, read as a model takes it. */
  public Split split(ModelArgument model) {
    Splits all = all(model);
    return switch (part) {
      case TRAIN -> all.train();
      case VALIDATION -> all.validation();
      case TEST -> all.test();
    };
  }
}
