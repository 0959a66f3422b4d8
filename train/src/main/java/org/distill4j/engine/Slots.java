package org.distill4j.engine;

import java.util.ArrayList;
import java.util.List;
import org.distill4j.engine.lowering.Variable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What an optimizer remembers of each weight; zero at the start. */
final class Slots {
  private final Ops tf;
  private final List<StateVariable> all = new ArrayList<>();

  Slots(Ops tf) {
    this.tf = tf;
  }

  /** A new slot of a weight's shape. */
  Operand<TFloat32> of(Variable<TFloat32> variable, String kind) {
    StateVariable slot =
        StateVariable.create(tf, kind + "/" + variable.name(), variable.ref().shape());
    all.add(slot);
    return slot.ref();
  }

  /** All slots, in the order of their making. */
  List<StateVariable> all() {
    return all;
  }
}
