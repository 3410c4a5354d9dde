package dev.palate.lab.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.palate.core.model.torch.GradientTurn;

/**
 * The loss of one batch and its gradient by autograd.
 *
 * @param shifts {@code float[n*k]}; empty where the loss takes no shifts
 */
record Gradients(double loss, float[][] tensors, float[] shifts) {

  static Gradients of(
      NDManager manager,
      HeadParameters parameters,
      Batches.Batch batch,
      MoeLoss.Strengths strengths) {
    long n = batch.size();
    long d = parameters.dimension();
    long k = parameters.experts();
    long[][] shapes = parameters.shapes();
    try (GradientTurn _ = GradientTurn.take();
        NDManager own = manager.newSubManager();
        GradientCollector collector = manager.getEngine().newGradientCollector()) {
      NDList tensors = new NDList();
      for (int i = 0; i < shapes.length; i++) {
        NDArray tensor = MoeLoss.array(own, parameters.tensors()[i], shapes[i]);
        tensor.setRequiresGradient(true);
        tensors.add(tensor);
      }
      boolean personal = strengths.personal() > 0;
      NDArray shifts = MoeLoss.array(own, batch.shifts(), n, k);
      shifts.setRequiresGradient(personal);
      NDArray loss =
          MoeLoss.of(
              tensors,
              MoeLoss.array(own, batch.prompts(), n, d),
              MoeLoss.array(own, batch.chosen(), n, d),
              MoeLoss.array(own, batch.rejected(), n, d),
              parameters.pair() == 0
                  ? null
                  : MoeLoss.array(own, batch.pair(), n, parameters.pair()),
              parameters.pair() == 0
                  ? null
                  : MoeLoss.array(own, parameters.center(), shapes[HeadParameters.V]),
              MoeLoss.array(own, batch.weights(), n),
              shifts,
              MoeLoss.array(own, batch.shares(), n),
              strengths);
      collector.backward(loss);
      float[][] gradients = new float[shapes.length][];
      for (int i = 0; i < shapes.length; i++) {
        gradients[i] = tensors.get(i).getGradient().toFloatArray();
      }
      return new Gradients(
          loss.getFloat(),
          gradients,
          personal ? shifts.getGradient().toFloatArray() : new float[0]);
    }
  }
}
