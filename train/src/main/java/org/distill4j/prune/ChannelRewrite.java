package org.distill4j.prune;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.graph.Node;
import org.distill4j.tensor.HostTensor;
import org.distill4j.tensor.Shape;

/** How a node that names places or numbers of channels is spelled when some are gone. */
interface ChannelRewrite {
  /** Adds a constant under a name of its own, close to the one wished for; returns the name. */
  interface Constants {
    /** Adds it. */
    String add(String wish, HostTensor value);
  }

  /** The node as it is to be. */
  Node of(Node node, Kept kept, Constants constants);

  /** The node with another constant of integers as one of its inputs. */
  static Node withInput(Node node, int input, Constants constants, long... numbers) {
    List<String> inputs = new ArrayList<>(node.inputs());
    while (inputs.size() <= input) {
      inputs.add("");
    }
    String wish = inputs.get(input).isEmpty() ? node.name() + "." + input : inputs.get(input);
    inputs.set(input, constants.add(wish, HostTensor.ofLongs(Shape.of(numbers.length), numbers)));
    return node.withInputs(inputs);
  }
}
