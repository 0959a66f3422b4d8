/** How people hear that a model is not good enough. */
package org.distill4j.alert;
