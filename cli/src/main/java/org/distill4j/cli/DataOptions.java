package org.distill4j.cli;

import java.nio.file.Path;
import org.distill4j.data.DataCatalog;
import org.distill4j.data.DataSettings;
import org.distill4j.data.Split;
import org.distill4j.data.Splits;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which data a command reads. */
final class DataOptions {
  /** A part of the data as it is spelled on the command line. */
  enum Part {
    TRAIN,
    VALIDATION,
    TEST
  }

  @Option(
      names = "--data",
      paramLabel = "NAME|PATH",
      description =
          "A known data set (fashion-mini, digits, mnist, fashion-mnist, adult), or a file or folder.")
  String data;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "A folder to look in first for the files of the name.")
  Path dir;

  @Option(
      names = "--split",
      paramLabel = "PART",
      defaultValue = "TEST",
      description = "train, validation or test; test if left out.")
  Part part;

  boolean given() {
    return data != null;
  }

  /** Refuses a command without data. */
  void require(CommandSpec spec) {
    if (!given()) {
      throw new ParameterException(spec.commandLine(), "--data: none (expected: a name or a path)");
    }
  }

  /** Finds the data and checks them. */
  Splits find() {
    return DataCatalog.here().open(settings());
  }

  private DataSettings settings() {
    return dir == null ? DataCatalog.settings(data) : DataSettings.named(data, dir);
  }

  /** The part that was asked for, read as a model takes it. */
  Split split(ModelFile model) {
    Splits all = DataCatalog.here().open(settings(), model.graph());
    return switch (part) {
      case TRAIN -> all.train();
      case VALIDATION -> all.validation();
      case TEST -> all.test();
    };
  }
}
