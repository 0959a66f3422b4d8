package org.distill4j.cli;

import java.io.File;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.distill4j.cli.bench.Bench;
import org.distill4j.cli.options.PathConverter;
import org.distill4j.fault.InputFault;
import org.distill4j.fault.RunFault;
import org.distill4j.settings.Spelling;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line {@code ./distill4j}: all commands, and their exit codes. */
@Command(
    name = "distill4j",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    header = "Takes a big model, makes it small and fast, proves that it still works.",
    description = {
      "",
      "Start with: ./distill4j quickstart",
      "Exit codes: 0 done; 1 failed; 2 the request was wrong; 3 done, but the gate was not passed.",
      ""
    },
    subcommands = {
      Quickstart.class,
      Run.class,
      PlanCommand.class,
      Inspect.class,
      Annotate.class,
      Predict.class,
      Eval.class,
      Export.class,
      Compress.class,
      Bench.class,
      Doctor.class,
      Completion.class,
      Help.class
    })
public final class Main implements Runnable {
  private static final int FAILED = 1;
  private static final int WRONG_REQUEST = 2;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a fault.")
  private boolean debug;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "command: none (expected: one of those below)");
  }

  /** Runs one command and exits with its code. */
  public static void main(String[] arguments) {
    StandardOutput output = new StandardOutput();
    PrintWriter out = new PrintWriter(output, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = execute(out, err, arguments);
    out.flush();
    Optional<String> lost = output.lost();
    lost.ifPresent(err::println);
    System.exit(lost.isPresent() ? FAILED : code);
  }

  /** Runs one command and gives its exit code. */
  static int execute(PrintWriter out, PrintWriter err, String... arguments) {
    Main main = new Main();
    CommandLine line =
        new CommandLine(main)
            .registerConverter(Path.class, new PathConverter())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(out)
            .setErr(err)
            .setExecutionExceptionHandler((fault, command, parsed) -> main.report(fault, err))
            .setParameterExceptionHandler((fault, given) -> main.reportUsage(fault));
    try {
      return line.execute(arguments);
    } catch (OutOfMemoryError e) {
      String way = "; give more, as with JAVA_OPTS=-Xmx8g";
      return main.report(new RunFault("memory: " + e.getMessage() + way, e), err);
    } catch (Error e) {
      return main.report(e, err);
    }
  }

  private int report(Throwable fault, PrintWriter err) {
    if (debug) {
      fault.printStackTrace(err);
    }
    if (isEnding()) {
      return FAILED; // what a command needs is being taken away, which is no news
    }
    if (fault instanceof InputFault wrong) {
      wrong.lines().forEach(err::println);
      workingFolder().ifPresent(err::println);
      return WRONG_REQUEST;
    }
    if (fault instanceof InvalidPathException path) {
      err.println(PathConverter.fault(path));
      return WRONG_REQUEST;
    }
    String line = fault.getMessage() == null ? fault.getClass().getName() : fault.getMessage();
    err.println(line.lines().findFirst().orElse(line));
    return isRefusal(fault) ? WRONG_REQUEST : FAILED;
  }

  /** Whether the process is ending, by Ctrl-C or another signal. */
  private static boolean isEnding() {
    try {
      Runtime.getRuntime().removeShutdownHook(new Thread("never-started"));
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /** Files seem not to be there where the JVM cannot spell the name of the working folder. */
  private static Optional<String> workingFolder() {
    String folder = System.getProperty("user.dir");
    return PathConverter.spellsAllNames() || new File(folder).isDirectory() // no path can be made
        ? Optional.empty()
        : Optional.of(PathConverter.fault(new InvalidPathException(folder, "not there")));
  }

  /** Whether our own checks refused an argument; a library's refusal is our failure. */
  private static boolean isRefusal(Throwable fault) {
    StackTraceElement[] frames = fault.getStackTrace();
    return fault instanceof IllegalArgumentException
        && frames.length > 0
        && frames[0].getClassName().startsWith("org.distill4j.");
  }

  private int reportUsage(CommandLine.ParameterException fault) {
    PrintWriter err = fault.getCommandLine().getErr();
    if (fault.getCause() instanceof RunFault failed) { // a pipe is read where it is named
      return report(failed, err);
    }
    Optional<String> unknown = unknownCommand(fault);
    err.println(unknown.orElse(fault.getMessage()));
    if (unknown.isEmpty()) {
      CommandLine.UnmatchedArgumentException.printSuggestions(fault, err);
    }
    err.println("Try: ./" + fault.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return WRONG_REQUEST;
  }

  /** A first word that is no command, with the one that it is nearest to. */
  private static Optional<String> unknownCommand(CommandLine.ParameterException fault) {
    Map<String, CommandLine> commands = fault.getCommandLine().getSubcommands();
    if (commands.isEmpty()
        || !(fault instanceof CommandLine.UnmatchedArgumentException unmatched)
        || unmatched.getUnmatched().get(0).startsWith("-")) {
      return Optional.empty();
    }
    String word = unmatched.getUnmatched().get(0);
    return Optional.of("'" + word + "': no command " + Spelling.hint(word, commands.keySet()));
  }
}
