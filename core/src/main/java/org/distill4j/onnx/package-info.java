/** How a model is spelled on disk: ONNX files of opset 7 to 21. */
package org.distill4j.onnx;
