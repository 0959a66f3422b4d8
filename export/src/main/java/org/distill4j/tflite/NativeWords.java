package org.distill4j.tflite;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.tensorflowlite.Reporter_Pointer_BytePointer_Pointer;

/**
 * What TFLite says of a fault, in its own words. There is one listener for the process, as native
 * code calls back into few; each thread hears what its own calls bring.
 */
final class NativeWords extends Reporter_Pointer_BytePointer_Pointer {
  private static final int LONGEST = 300; // its advice on Android goes on and on
  private static final int ROOM = 4096;
  private static final ThreadLocal<List<String>> HEARD = ThreadLocal.withInitial(ArrayList::new);
  private static NativeWords listener;

  private NativeWords() {}

  /** The listener; TFLite has to be loaded. */
  static synchronized NativeWords listener() {
    if (listener == null) {
      listener = new NativeWords();
    }
    return listener;
  }

  /** Forgets what this thread has heard. */
  static void forget() {
    HEARD.get().clear();
  }

  /** What this thread has heard since, in one line; empty if nothing. */
  static String heard() {
    String line = String.join(" ", HEARD.get()).replaceAll("\\p{Cntrl}|\\s+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }

  @Override
  public void call(
      org.bytedeco.javacpp.Pointer user, BytePointer format, org.bytedeco.javacpp.Pointer more) {
    HEARD.get().add(text(format, more));
  }

  private static String text(BytePointer format, org.bytedeco.javacpp.Pointer more) {
    try (Memory room = new Memory(ROOM)) {
      Function print = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME).getFunction("vsnprintf");
      Pointer at = new Pointer(more.address());
      Pointer list = isStruct() ? at : at.getPointer(0);
      print.invokeInt(new Object[] {room, (long) ROOM, new Pointer(format.address()), list});
      return room.getString(0, StandardCharsets.UTF_8.name());
    } catch (LinkageError e) { // no JNA here, or a C library without it
      return format.getString(StandardCharsets.UTF_8); // with its places unfilled
    }
  }

  /**
   * Whether C's list of further arguments is handed over as it lies, rather than by its address.
   */
  private static boolean isStruct() {
    return Platform.isLinux() && Platform.isARM() && Platform.is64Bit();
  }
}
