/** TF.js graph models and the page that shows them. */
package org.distill4j.tfjs;
