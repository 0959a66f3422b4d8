package org.distill4j.alert;

import java.nio.file.Path;
import org.distill4j.settings.Describe;

/** An alert: the address or program that is told that a gate was not passed. */
@Describe("who is told that the gate is not passed: an address or a program")
public sealed interface Alert permits Webhook, Command {
  /**
   * Sends the news, once; the call takes as long as that takes.
   *
   * @param json one JSON object, as UTF-8
   * @param folder of the run, which keeps what a program printed
   * @return what happened, in one line
   * @throws org.distill4j.fault.RunFault if it cannot be sent, in one line
   */
  String send(String json, Path folder);
}
