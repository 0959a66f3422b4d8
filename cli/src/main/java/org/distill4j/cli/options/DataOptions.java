package org.distill4j.cli.options;

import java.nio.file.Path;
import org.distill4j.data.Splits;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.data.source.DataSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which data a command reads. */
public final class DataOptions {
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

  boolean given() {
    return data != null;
  }

  /** Refuses a command without data. */
  public void require(CommandSpec spec) {
    if (!given()) {
      throw new ParameterException(spec.commandLine(), "--data: none (expected: a name or a path)");
    }
  }

  /** Finds the data and checks them. */
  public Splits find() {
    return DataCatalog.here().open(settings());
  }

  /** Finds the data and checks them, read as a model takes them. */
  public Splits find(ModelArgument model) {
    return DataCatalog.here().open(settings(), model.graph());
  }

  /** What the options say. */
  DataSettings settings() {
    String read = InputFile.of(Path.of(data)).toString();
    return dir == null ? DataCatalog.settings(read) : DataSettings.named(read, dir);
  }
}
