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

  private Path read; // null until it is looked for: a pipe can be read once

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
    if (read == null) {
      read = InputFile.ofData(Path.of(data));
    }
    String found = read.toString();
    return dir == null ? DataCatalog.settings(found) : DataSettings.named(found, dir);
  }
}
