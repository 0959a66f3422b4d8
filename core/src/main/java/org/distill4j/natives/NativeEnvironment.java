package org.distill4j.natives;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.util.Optional;

/**
 * The environment variables of this process as native libraries read them.
 *
 * <p>Java's own, {@link System#getenv}, are a copy made when the process started: what is set here
 * is not seen there.
 */
public final class NativeEnvironment {
  private NativeEnvironment() {}

  /**
   * A variable's value; empty if it is unset or has no letter.
   *
   * @throws org.distill4j.fault.RunFault if the C library cannot be asked
   */
  public static Optional<String> get(String name) {
    String inherited = System.getenv(name);
    String value = inherited == null ? asked(name) : inherited;
    return Optional.ofNullable(value).filter(v -> !v.isEmpty());
  }

  /**
   * Sets a variable that has no value yet, for what is loaded from now on.
   *
   * @throws org.distill4j.fault.RunFault if the C library cannot be asked
   */
  public static void setDefault(String name, String value) {
    if (get(name).isPresent()) {
      return;
    }
    if (Platform.isWindows()) {
      c().getFunction("_putenv_s").invokeInt(arguments(name, value));
    } else {
      c().getFunction("setenv").invokeInt(arguments(name, value, 1));
    }
  }

  private static String asked(String name) {
    return c().getFunction("getenv").invokeString(arguments(name), false);
  }

  private static NativeLibrary c() {
    UnpackFolders.settle();
    try {
      return NativeLibrary.getInstance(Platform.isWindows() ? "ucrtbase" : null);
    } catch (LinkageError e) {
      throw LoadFault.of("JNA", UnpackFolders.ofJna(), UnpackFolders.JNA, e);
    }
  }

  private static Object[] arguments(Object... values) {
    return values;
  }
}
