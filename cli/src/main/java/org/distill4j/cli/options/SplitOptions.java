package org.distill4j.cli.options;

import java.util.List;
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
      description =
          "train, validation or test; if left out, test, or all of files that have no test part.")
  private Part part;

  private Splits read; // null until a part is read
  private Splits whole; // null until a part is read that was not asked for

  public boolean given() {
    return data.given();
  }

  /** Refuses a command without data. */
  public void require(CommandSpec spec) {
    data.require(spec);
  }

  /** All parts, read as a model takes them. */
  public Splits all(ModelArgument model) {
    read = DataCatalog.here().open(data.settings(), model.graph());
    return read;
  }

  /** What reading made of the files of all parts, a sentence each. */
  public List<String> notes() {
    return read == null ? List.of() : read.notes();
  }

  /**
   * The part that was asked for, read as a model takes it; where none was asked for and the files
   * have no test part, all of them.
   */
  public Split split(ModelArgument model) {
    if (part == null) {
      whole = DataCatalog.here().openWhole(data.settings(), model.graph());
      read = whole;
      return whole.test();
    }
    Splits all = all(model);
    return switch (part) {
      case TRAIN -> all.train();
      case VALIDATION -> all.validation();
      case TEST -> all.test();
    };
  }

  /** What was read: a part's purpose, or {@code all} of files that have no test part. */
  public String purpose(Split read) {
    boolean all =
        whole != null && whole.train().data().sha256().equals(whole.test().data().sha256());
    return all ? "all" : read.purpose();
  }
}
