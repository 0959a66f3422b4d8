package org.distill4j.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What a command said, called in this process.
 *
 * @param exitCode as the shell would see it
 */
record Spoken(int exitCode, String out, String err) {
  static Spoken of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    return new Spoken(code, out.toString(), err.toString());
  }
}
