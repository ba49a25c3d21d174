/** @jsxImportSource react */
import { hydrateRoot } from "react-dom/client";
import { Backup } from "../../recipes/react/HydratedBackup";

hydrateRoot(document.querySelector("#root"), <Backup />);
