// "Use my location": an offer beside the place box. Every page is whole without it.
(() => {
  const place = document.getElementById("id_near");
  if (!place || !navigator.geolocation) return;

  const words = place.form.dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "locate";
  button.textContent = words.locate;
  place.parentElement.append(button);

  const rounded = (degrees) => (Math.round(degrees * 100) / 100).toFixed(2);

  const setHidden = (name, value) => {
    let input = place.form.querySelector(`input[name="${name}"]`);
    if (!input) {
      input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      place.form.append(input);
    }
    input.value = value;
  };

  const search = ({ coords }) => {
    place.value = "";
    setHidden("lat", rounded(coords.latitude));
    setHidden("lng", rounded(coords.longitude));
    place.form.submit();
  };

  button.addEventListener("click", () => {
    button.textContent = words.locating;
    navigator.geolocation.getCurrentPosition(search, () => {
      button.textContent = words.notLocated;
    });
  });
})();
