package org.distill4j.tflite;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.management.OperatingSystemMXBean;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.distill4j.inference.Predictor;
import org.distill4j.natives.UnpackFolders;

/**
 * A process of its own in which files run first: TFLite's kernels trust a file's numbers, and what
 * they divide by or index with wrongly ends the process that they run in.
 *
 * <p>Files go in by standard input, each behind its length; a byte comes back for each that ran or
 * was refused.
 */
final class TrialProcess implements AutoCloseable {
  /** What became of a file. */
  enum Outcome {
    /** It ran; it does here. */
    RAN,
    /** It was refused, by its reader or by TFLite; it will be here. */
    REFUSED,
    /** It ended the process. */
    DIED,
    /** It takes longer than was waited. */
    SLOW,
    /** Nobody knows: the process did not start, or others ended it. */
    UNKNOWN
  }

  private static final int RAN = 1;
  private static final int REFUSED = 2;
  private static final int ADDRESS_SPACE = 9; // RLIMIT_AS of Linux
  private static final long LEAST = 4L << 30; // the JVM alone asks for half of it

  /** How a process ends that has no memory left, or is killed for that. */
  private static final int KILLED = 128 + 9;

  /** Signals from outside: SIGHUP, SIGINT, SIGKILL and SIGTERM. */
  private static final Set<Integer> ENDED_BY_OTHERS = Set.of(128 + 1, 128 + 2, KILLED, 128 + 15);

  /** Where native libraries lie. */
  private static final List<String> INHERITED =
      List.of(
          "java.io.tmpdir",
          "user.home",
          "org.bytedeco.javacpp.cachedir",
          "jna.tmpdir",
          "jna.boot.library.path",
          "jna.nosys",
          "jna.nounpack");

  private final Process process;
  private volatile boolean answered; // at least once: it does start

  private TrialProcess(Process process) {
    this.process = process;
  }

  /**
   * The child: runs what it is given until there is no more.
   *
   * @param arguments how many bytes of memory it may ask for
   */
  public static void main(String[] arguments) throws IOException {
    UnpackFolders.settle();
    limitMemory(Long.parseLong(arguments[0]));
    OutputStream answers = System.out;
    DataInputStream in = new DataInputStream(System.in);
    ReadableByteChannel bytes = Channels.newChannel(in);
    answers.write(RAN); // this did
    answers.flush();
    try {
      while (true) {
        ByteBuffer file = ByteBuffer.allocateDirect(in.readInt());
        while (file.hasRemaining() && bytes.read(file) >= 0) {
          // the pipe holds less than the file
        }
        answers.write(run(file.flip()));
        answers.flush();
      }
    } catch (EOFException e) {
      return; // the parent has no more, or is gone
    } catch (OutOfMemoryError e) {
      Runtime.getRuntime().halt(KILLED); // the file is too large for a trial
    }
  }

  private static int run(ByteBuffer bytes) {
    try (Predictor opened = new TflitePredictor("", TfliteFile.of("", bytes), 1)) {
      new TrialInputs(opened).each(opened::run);
      return RAN;
    } catch (RuntimeException | Error e) {
      return REFUSED; // there with its own words
    }
  }

  /** A damaged size asks for more than there is: better here than of all who share the machine. */
  private static void limitMemory(long bytes) {
    if (!Platform.isLinux() || !Platform.is64Bit()) {
      return;
    }
    try {
      Memory limit = new Memory(2 * Long.BYTES); // soft and hard
      limit.setLong(0, bytes);
      limit.setLong(Long.BYTES, bytes);
      NativeLibrary c = NativeLibrary.getInstance(null);
      c.getFunction("setrlimit").invokeInt(new Object[] {ADDRESS_SPACE, limit});
    } catch (LinkageError e) {
      return; // no JNA here: rather without a limit than no trial at all
    }
  }

  /** Starts one that may take as much memory as the machine has. */
  static TrialProcess start() throws IOException {
    OperatingSystemMXBean machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return start(Math.max(LEAST, machine.getTotalMemorySize()));
  }

  /**
   * Starts one.
   *
   * @param memory how many bytes it may ask for, itself included
   */
  static TrialProcess start(long memory) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:MaxDirectMemorySize=2g", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-XX:+SuppressFatalErrorMessage", "-XX:-CreateCoredumpOnCrash"));
    command.add("-XX:-UsePerfData");
    for (String property : INHERITED) {
      if (System.getProperty(property) != null) {
        command.add("-D" + property + "=" + System.getProperty(property));
      }
    }
    command.addAll(List.of(TrialProcess.class.getName(), Long.toString(memory)));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    // no argument: a native library breaks on a command line of more than 4 kB
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    return new TrialProcess(builder.start());
  }

  /** Runs a file in it; after the last three outcomes the process is gone. */
  Outcome of(ByteBuffer file, long patience, TimeUnit unit) {
    FutureTask<Outcome> exchange = new FutureTask<>(() -> exchanged(file.duplicate()));
    Thread thread = new Thread(exchange, "tflite-trial");
    thread.setDaemon(true);
    thread.start();
    try {
      return exchange.get(patience, unit);
    } catch (TimeoutException e) {
      close();
      return answered ? Outcome.SLOW : Outcome.UNKNOWN;
    } catch (ExecutionException e) {
      close();
      return Outcome.UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      return Outcome.UNKNOWN;
    }
  }

  private Outcome exchanged(ByteBuffer file) throws IOException, InterruptedException {
    InputStream answers = process.getInputStream();
    if (!answered) {
      if (answers.read() != RAN) {
        return Outcome.UNKNOWN; // no such class there, or no process at all
      }
      answered = true;
    }
    try {
      OutputStream out = process.getOutputStream();
      out.write(ByteBuffer.allocate(Integer.BYTES).putInt(file.remaining()).array());
      WritableByteChannel channel = Channels.newChannel(out);
      while (file.hasRemaining()) {
        channel.write(file);
      }
      out.flush();
    } catch (IOException e) {
      return ended(); // its end of the pipe is closed
    }
    return switch (answers.read()) {
      case RAN -> Outcome.RAN;
      case REFUSED -> Outcome.REFUSED;
      default -> ended(); // no answer: the pipe has ended
    };
  }

  private Outcome ended() throws InterruptedException {
    return ENDED_BY_OTHERS.contains(process.waitFor()) ? Outcome.UNKNOWN : Outcome.DIED;
  }

  /** The process, as others see it. */
  ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
