package org.distill4j.alert;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.distill4j.fault.RunFault;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.Shorthand;
import org.distill4j.storage.AtomicFile;

/**
 * An alert by a program, which is handed the news as its input. It runs in the working directory,
 * without a shell in between; what it prints goes to {@code alert.log} in the run's folder, and
 * {@code alert.json} there is its input.
 *
 * @param words the program and its arguments, at least one
 * @param timeout how many seconds it may take, 1 to 600; then it is ended
 */
@Shorthand(alone = false)
@Describe("a program that is handed the news, as JSON, as its input")
public record Command(
    @Describe("the program and its arguments") List<String> words,
    @Default("30") @Describe("seconds that it may take, 1..600") int timeout)
    implements Alert {
  /** Takes a copy and checks the bounds. */
  public Command {
    words = List.copyOf(words);
    if (words.isEmpty() || words.get(0).isBlank()) {
      throw new IllegalArgumentException(
          "words: " + words + " (expected: a program and its arguments, such as [./notify.sh])");
    }
    if (timeout < 1 || timeout > 600) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: 1 to 600 seconds)");
    }
  }

  @Override
  public String send(String json, Path folder) {
    Path input = folder.resolve("alert.json");
    AtomicFile.write(input, "alert", json);
    Process process;
    try {
      process =
          new ProcessBuilder(words)
              .redirectInput(input.toFile())
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("alert.log").toFile()))
              .start();
    } catch (IOException e) {
      throw unsent("cannot be started: " + AtomicFile.reason(e), e);
    }
    try {
      if (!process.waitFor(timeout, TimeUnit.SECONDS)) {
        throw unsent("still running after " + timeout + " s", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unsent("interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw unsent(
          "exit code %s; see %s".formatted(process.exitValue(), folder.resolve("alert.log")), null);
    }
    return "alert handed to " + words.get(0);
  }

  private RunFault unsent(String why, Throwable cause) {
    return new RunFault("alert not sent: " + words.get(0) + ": " + why, cause);
  }
}
